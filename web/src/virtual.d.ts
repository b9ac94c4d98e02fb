declare module "virtual:phrases" {
  const phrases: Record<string, string>;
  export default phrases;
}

declare module "virtual:references" {
  const references: Record<string, { citation: string; says: string; confidence: string; url?: string }>;
  export default references;
}

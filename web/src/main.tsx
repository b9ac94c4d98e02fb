import { render } from "preact";
import { App } from "./app.tsx";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/viewer.css";
import "./styles/case.css";
import { theme, wear } from "./theme.ts";
import { firstLanguage, speak } from "./words/say.ts";

wear(theme.value);
await speak(firstLanguage());
const page = document.getElementById("page");
if (page) render(<App />, page);

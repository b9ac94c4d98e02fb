/** Who are you; and, where nobody is known yet, who shall be the first. */
import { useEffect, useState } from "preact/hooks";
import { api, firstVisit, signIn } from "../api.ts";
import { go, link, place } from "../route.ts";
import { say } from "../words/say.ts";

const SHORTEST_PASSWORD = 8;

const WORDS = {
  usual: { title: "Log in", send: "Log in" },
  first: { title: "First set-up", send: "Make the account" },
  invited: { title: "Choose a password", send: "Take this password" },
};

/** Why the provider's word let nobody in, by the code at the end of the address. */
const REFUSED: Record<string, string> = {
  role: "You are known, but have no role here: ask an admin.",
  site: "You are known, but belong to no site here: ask an admin.",
  name: "Somebody else has this user name here, or it was shut out: ask an admin.",
  state: "This took too long, or began in another browser: sign in again.",
};
const NOT_VOUCHED = "The sign-in did not succeed: try again, or ask an admin.";

/** The sentence of a sign-in that was refused; empty where none was. */
function refusal(): string {
  const code = /^refused=(.+)$/.exec(place.value[0] ?? "")?.[1];
  return code === undefined ? "" : (REFUSED[code] ?? NOT_VOUCHED);
}

/** The key of the first set-up, from the link that the server printed. */
function keyOfLink(): string {
  return /^setup=(.+)$/.exec(place.value[0] ?? "")?.[1] ?? "";
}

/** The key of an invitation, from the link that an admin hands over. */
export function invitation(): string {
  return /^invite=(.+)$/.exec(place.value[0] ?? "")?.[1] ?? "";
}

export function LoginPage() {
  const invited = invitation();
  const first = firstVisit.value && !invited;
  const words = invited ? WORDS.invited : WORDS[first ? "first" : "usual"];
  const chooses = first || invited !== "";
  const [fault, setFault] = useState(refusal());
  const [label, setLabel] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(
    () =>
      void api
        .provider()
        .then(setLabel)
        .catch(() => setLabel(null)), // passwords are there all the same
    [],
  );

  async function enter(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(given.get("name"));
    const password = String(given.get("password"));
    if (chooses && password !== given.get("again")) {
      setFault("The two passwords differ.");
      return;
    }
    setBusy(true);
    try {
      if (invited) {
        await api.accept(invited, password);
        go("studies");
      } else {
        await (first ? api.setUp(name, password, String(given.get("key"))) : api.logIn(name, password));
      }
    } catch (problem) {
      setFault(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="card narrow">
      <h1>{say(words.title)}</h1>
      {first && <p>{say("Nobody is known here yet. The account made now manages the others.")}</p>}
      <form onSubmit={(event) => void enter(event)}>
        {!invited && (
          <label>
            {say("User name")}
            <input name="name" autocomplete="username" required maxLength={80} />
          </label>
        )}
        <label>
          {say("Password")}
          <input
            name="password"
            type="password"
            autocomplete={chooses ? "new-password" : "current-password"}
            required
            minLength={chooses ? SHORTEST_PASSWORD : 1}
          />
        </label>
        {chooses && (
          <label>
            {say("Password again")}
            <input name="again" type="password" autocomplete="new-password" required />
          </label>
        )}
        {first && (
          <label>
            {say("Key: the end of the link that the server printed")}
            <input name="key" required autocomplete="off" defaultValue={keyOfLink()} />
          </label>
        )}
        {fault && (
          <p class="fault" role="alert">
            {say(fault)}
          </p>
        )}
        <button class="main" type="submit" disabled={busy}>
          {say(words.send)}
        </button>
      </form>
      {label !== null && !chooses && (
        <p>
          <a class="button" href={signIn}>
            {say("Sign in with {label}", { label })}
          </a>
        </p>
      )}
      <p class="quiet">
        <a href={link("help")}>{say("What is calcinet?")}</a>
      </p>
    </section>
  );
}

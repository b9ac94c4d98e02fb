/** The frame: who is logged in, where one is, language and theme. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { followCase } from "./case/answer.ts";
import type { ComponentChildren } from "preact";
import { api, mayManage, session } from "./api.ts";
import { CasePage } from "./pages/case.tsx";
import { FollowPage } from "./pages/follow.tsx";
import { HelpPage } from "./pages/help.tsx";
import { LoginPage, invitation } from "./pages/login.tsx";
import { OutboxPage } from "./pages/outbox.tsx";
import { StudiesPage } from "./pages/studies.tsx";
import { StudyPage } from "./pages/study.tsx";
import { UsersPage } from "./pages/users.tsx";
import { WeighPage } from "./pages/weigh.tsx";
import { Notices, failed } from "./parts/notices.tsx";
import { link, place } from "./route.ts";
import { THEMES, theme, wear, type Theme } from "./theme.ts";
import { LANGUAGES, language, say, speak, type Language } from "./words/say.ts";

const asked = signal(false);

const PLACES: [string, string][] = [
  ["studies", "Studies"],
  ["case", "Case"],
  ["weigh", "Weigh"],
  ["follow", "Follow-up"],
  ["outbox", "Outbox"],
  ["help", "Help"],
];

function here(): ComponentChildren {
  const [page, id] = place.value;
  if (page === "studies" && id) return <StudyPage key={id} id={id} />;
  if (page === "case") return <CasePage />;
  if (page === "weigh") return <WeighPage />;
  if (page === "follow") return <FollowPage />;
  if (page === "outbox") return <OutboxPage />;
  if (page === "users" && mayManage.value) return <UsersPage />;
  if (page === "help") return <HelpPage />;
  return <StudiesPage />;
}

export function App() {
  useEffect(() => {
    api
      .whoAmI()
      .catch(failed)
      .finally(() => (asked.value = true));
    return followCase();
  }, []);
  const inside = session.value !== null;
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        {say("Skip to the content")}
      </a>
      <header class="top">
        <a class="brand" href={link()}>
          <img src="./icon.svg" alt="" width="28" height="28" />
          calcinet
        </a>
        {inside && <Places />}
        <div class="settings">
          <LanguageChoice />
          <ThemeChoice />
          {inside && <LogOut />}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {inside && !invitation() && here()}
        {!inside && asked.value && place.value[0] === "help" && <HelpPage />}
        {asked.value && (invitation() || (!inside && place.value[0] !== "help")) && <LoginPage />}
      </main>
      <footer class="bottom">
        {say("Decision support for research, not a medical device. calcinet makes no diagnosis.")}
      </footer>
      <Notices />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Places() {
  const [page = "studies"] = place.value;
  const places: [string, string][] = mayManage.value ? [...PLACES, ["users", "Users"]] : PLACES;
  return (
    <nav aria-label={say("Pages")}>
      {places.map(([name, label]) => (
        <a key={name} href={link(name)} aria-current={page === name ? "page" : undefined}>
          {say(label)}
        </a>
      ))}
    </nav>
  );
}

function LanguageChoice() {
  return (
    <label>
      <span class="hidden">{say("Language")}</span>
      <select value={language.value} onChange={(event) => void speak(event.currentTarget.value as Language)}>
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const THEME_NAMES: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Reading room" };

function ThemeChoice() {
  return (
    <label>
      <span class="hidden">{say("Theme")}</span>
      <select value={theme.value} onChange={(event) => wear(event.currentTarget.value as Theme)}>
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {say(THEME_NAMES[name])}
          </option>
        ))}
      </select>
    </label>
  );
}

function LogOut() {
  return (
    <span class="who">
      <span class="quiet">{session.value?.user}</span>
      <button type="button" onClick={() => void api.logOut().catch(failed)}>
        {say("Log out")}
      </button>
    </span>
  );
}

/** Who may log in; for an admin. */
import { useEffect, useState } from "preact/hooks";
import { api, session, type User } from "../api.ts";
import { done, failed } from "../parts/notices.tsx";
import { say } from "../words/say.ts";

const ROLES: [string, string][] = [
  ["reader", "reader: looks"],
  ["editor", "editor: sends and corrects, too"],
  ["admin", "admin: lets people in, too"],
];

export function UsersPage() {
  const [users, setUsers] = useState<User[]>([]);
  const [invited, setInvited] = useState<{ name: string; address: string } | null>(null);
  const [going, setGoing] = useState<string | null>(null);
  const known = [...new Set(users.flatMap(({ sites }) => sites))].sort();

  const look = (): Promise<void> => api.users().then(setUsers);
  useEffect(() => void look().catch(failed), []);

  async function invite(name: string, role: string, sites?: string[]): Promise<void> {
    const { key } = await api.invite(name, role, sites);
    setInvited({ name, address: `${location.origin}${location.pathname}#invite=${key}` });
  }

  function add(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const sites = readSites(String(given.get("sites")));
    void invite(String(given.get("name")).trim(), String(given.get("role")), sites.length > 0 ? sites : undefined)
      .then(() => form.reset())
      .catch(failed);
  }

  async function work(what: () => Promise<unknown>, said: string): Promise<void> {
    try {
      await what();
      setGoing(null);
      done(said);
    } catch (fault) {
      failed(fault);
    }
    await look().catch(failed);
  }

  return (
    <>
      <h1>{say("Users")}</h1>
      <section class="card" aria-label={say("Who may log in")}>
        <div class="scroll" role="region" aria-label={say("Who may log in")} tabIndex={0}>
          <table class="stacked">
            <thead>
              <tr>
                <th scope="col">{say("User name")}</th>
                <th scope="col">{say("Role")}</th>
                <th scope="col">{say("Sites")}</th>
                <th scope="col">{say("Access")}</th>
              </tr>
            </thead>
            <tbody>
              {users.map(({ name, role, sites }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <RoleChoice
                      label={say("Role of {name}", { name })}
                      role={role}
                      fixed={name === session.value?.user}
                      choose={(chosen) => void work(() => api.changeRole(name, chosen), "The role was changed.")}
                    />
                  </td>
                  <td>
                    <SitesChoice
                      name={name}
                      sites={sites}
                      all={role === "admin"}
                      choose={(chosen) => void work(() => api.changeSites(name, chosen), "The sites were changed.")}
                    />
                  </td>
                  <td>
                    <div class="row">
                    {name !== session.value?.user && going !== name && (
                      <>
                        <button type="button" onClick={() => void invite(name, role).catch(failed)}>
                          {say("New password")}
                        </button>
                        <button type="button" onClick={() => setGoing(name)}>
                          {say("Shut out")}
                        </button>
                      </>
                    )}
                    {going === name && (
                      <>
                        <button
                          type="button"
                          class="main"
                          onClick={() => void work(() => api.shutOut(name), "Nobody logs in by this name any more.")}
                        >
                          {say("Shut {name} out", { name })}
                        </button>
                        <button type="button" onClick={() => setGoing(null)}>
                          {say("Cancel")}
                        </button>
                      </>
                    )}
                    {name === session.value?.user && <span class="quiet">{say("you")}</span>}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <form class="card narrow" onSubmit={add}>
        <h2>{say("Let somebody in")}</h2>
        <label>
          {say("User name")}
          <input name="name" required maxLength={64} autocomplete="off" />
        </label>
        <label>
          {say("Role")}
          <select name="role">
            {ROLES.map(([role, label]) => (
              <option key={role} value={role}>
                {say(label)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("Sites, one a line; none: the studies of no site")}
          <textarea name="sites" rows={2} autocomplete="off" />
        </label>
        {known.length > 0 && <p class="quiet">{say("Sites so far: {sites}", { sites: known })}</p>}
        <button class="main" type="submit">
          {say("Make a link")}
        </button>
      </form>
      {invited && (
        <section class="card narrow" role="status">
          <h2>{say("A link for {name}", { name: invited.name })}</h2>
          <p>{say("Hand it over by a safe way. It works once, within a week, and is not shown again.")}</p>
          <label>
            {say("Link")}
            <input readOnly value={invited.address} onFocus={(event) => event.currentTarget.select()} />
          </label>
        </section>
      )}
    </>
  );
}

interface RoleProps {
  label: string;
  role: string;
  fixed: boolean;
  choose: (role: string) => void;
}

function RoleChoice({ label, role, fixed, choose }: RoleProps) {
  return (
    <select aria-label={label} value={role} disabled={fixed} onChange={(event) => choose(event.currentTarget.value)}>
      {ROLES.map(([name, told]) => (
        <option key={name} value={name}>
          {say(told)}
        </option>
      ))}
    </select>
  );
}

/** The sites of a text, one a line. */
function readSites(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()))].filter(Boolean);
}

interface SitesProps {
  name: string;
  sites: string[];
  /** Whether all studies are shown to this user anyway. */
  all: boolean;
  choose: (sites: string[]) => void;
}

/** Where a user belongs: read as a list, changed as lines. */
function SitesChoice({ name, sites, all, choose }: SitesProps) {
  const [text, setText] = useState<string | null>(null);
  if (text === null) {
    const told = sites.length > 0 ? say("{names:; }", { names: sites }) : say(all ? "all, as an admin" : "none");
    return (
      <div class="row">
        <span class={sites.length > 0 ? "" : "quiet"}>{told}</span>
        <button type="button" aria-label={say("Change the sites of {name}", { name })} onClick={() => setText(sites.join("\n"))}>
          {say("Change")}
        </button>
      </div>
    );
  }
  return (
    <form
      class="sites"
      onSubmit={(event) => {
        event.preventDefault();
        setText(null);
        choose(readSites(text));
      }}
    >
      <label>
        {say("Sites of {name}, one a line", { name })}
        <textarea rows={Math.max(2, sites.length + 1)} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <p class="quiet">
        {say(all ? "An admin sees the studies of all sites." : "Who belongs to none sees the studies that belong to none.")}
      </p>
      <p class="row">
        <button type="submit" class="main">
          {say("Save")}
        </button>
        <button type="button" onClick={() => setText(null)}>
          {say("Cancel")}
        </button>
      </p>
    </form>
  );
}

/** What waits for archives, and what they refused for good: tried again by an editor, deleted by an admin. */
import { useEffect, useState } from "preact/hooks";
import { api, mayEdit, mayManage, type Box, type Boxed } from "../api.ts";
import { done, failed } from "../parts/notices.tsx";
import { language, say } from "../words/say.ts";

const LOOK_AGAIN_MS = 10_000;

export function OutboxPage() {
  const [boxes, setBoxes] = useState<Box[] | null>(null);
  const [going, setGoing] = useState<string | null>(null);

  useEffect(() => {
    const look = (): Promise<void> => api.outbox().then(setBoxes).catch(failed);
    void look();
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);

  async function work(what: () => Promise<Box[]>, said: string): Promise<void> {
    setGoing(null);
    try {
      setBoxes(await what());
      done(said);
    } catch (fault) {
      failed(fault);
    }
  }

  return (
    <>
      <h1>{say("Outbox")}</h1>
      <p>{say("What calcinet sends to archives. The node that runs on this folder delivers what waits.")}</p>
      {boxes?.length === 0 && (
        <section class="card">
          <p>{say("Nothing waits in the outbox.")}</p>
        </section>
      )}
      {boxes?.map((box) => (
        <section key={box.address} class="card outbox" aria-label={box.address}>
          <h2>{box.address}</h2>
          {box.waiting.length > 0 && <Objects title={say("Waits")} objects={box.waiting} box={box} {...{ going, setGoing, work }} />}
          {box.refused.length > 0 && (
            <Objects title={say("Refused for good")} objects={box.refused} box={box} again {...{ going, setGoing, work }} />
          )}
        </section>
      ))}
    </>
  );
}

interface ObjectsProps {
  title: string;
  objects: Boxed[];
  box: Box;
  /** They wait only where somebody says so. */
  again?: boolean;
  going: string | null;
  setGoing: (uid: string | null) => void;
  work: (what: () => Promise<Box[]>, said: string) => Promise<void>;
}

function Objects({ title, objects, box, again, going, setGoing, work }: ObjectsProps) {
  const uids = objects.map(({ uid }) => uid);
  const retry = (some: string[]): void =>
    void work(() => api.sendAgain(box.address, some), "They wait again, and are sent with the next round.");
  return (
    <>
      <div class="row">
        <h3>
          {title} ({objects.length})
        </h3>
        {again && mayEdit.value && objects.length > 1 && (
          <button type="button" onClick={() => retry(uids)}>
            {say("Try all again")}
          </button>
        )}
      </div>
      <div class="scroll" role="region" aria-label={`${title}: ${box.address}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say("Object")}</th>
              <th scope="col">{say("Since")}</th>
              <th scope="col">{say("Tried")}</th>
              <th scope="col">{say("Last answer")}</th>
              <th scope="col">{say("Actions")}</th>
            </tr>
          </thead>
          <tbody>
            {objects.map((object) => (
              <tr key={object.uid}>
                <th scope="row">
                  {object.kind ?? say("not whole")}
                  <span class="quiet uid"> {object.uid}</span>
                </th>
                <td>{new Date(object.since).toLocaleString(language.value)}</td>
                <td>{object.tried}</td>
                <td>{object.because}</td>
                <td>
                  <div class="row">
                    {again && mayEdit.value && (
                      <button type="button" onClick={() => retry([object.uid])}>
                        {say("Try again")}
                      </button>
                    )}
                    {mayManage.value && going !== object.uid && (
                      <button type="button" onClick={() => setGoing(object.uid)}>
                        {say("Delete")}
                      </button>
                    )}
                    {mayManage.value && going === object.uid && (
                      <>
                        <button
                          type="button"
                          class="main"
                          onClick={() =>
                            void work(() => api.dropObjects(box.address, [object.uid]), "It is deleted, and is not sent.")
                          }
                        >
                          {say("Delete for good")}
                        </button>
                        <button type="button" onClick={() => setGoing(null)}>
                          {say("Cancel")}
                        </button>
                      </>
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

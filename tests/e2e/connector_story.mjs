// A PBX that only a connector knows: the example is run as it is delivered, against an agent of its own.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, startIntake } from "./programs.mjs";
import { need } from "./report.mjs";

const kCall = [
  { kind: "member_state", queue: "sales", member: "201", device: "201", state: "not_in_use" },
  { kind: "queue_joined", channel: "c1", queue: "sales" },
  { kind: "queue_left", channel: "c1", queue: "sales" },
  { kind: "member_connected", channel: "c1", queue: "sales", member: "201", leg: "l1" },
  { kind: "member_done", channel: "c1", queue: "sales", member: "201", leg: "l1", talk_s: 12.5 },
  { kind: "que_joined", channel: "c2" },
];

export async function connects() {
  const agent = await startIntake();
  const lines = kCall.map((event) => JSON.stringify(event) + "\n").join("");
  const ran = spawnSync("python3", [join(root, "config/connector-example.py"), agent.page.replace(/\/$/, ""), agent.certificate, agent.token], { input: lines, encoding: "utf8", timeout: 60_000 });
  need(ran.status === 0, `the connector failed: ${ran.stderr}`);
  const answers = ran.stdout.trim().split("\n");
  need(answers.length === kCall.length && answers.slice(0, -1).every((a) => a.includes("'accepted': 1")), `not every event was taken: ${ran.stdout}`);
  need(answers.at(-1).includes('did you mean "queue_joined"'), `the mistake is not named: ${answers.at(-1)}`);
  for (let i = 0; i < 200; i++) {
    const status = existsSync(agent.status) ? JSON.parse(readFileSync(agent.status, "utf8")) : {};
    if (status.sources?.[0]?.kind === "intake" && status.journal_sequence >= kCall.length) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  need(false, "the events are not in the journal");
}

// Starts the agent and HQ as somebody would, in a temporary folder, and ends what it started.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = process.env.HF_BIN ?? join(root, "build/release");
const agentProgram = join(bin, "agent/app/holdfast-agent"), hqProgram = join(bin, "hq/holdfast-hq");
export const hqIsThere = existsSync(hqProgram);
const folder = mkdtempSync(join(tmpdir(), "holdfast-e2e-"));
const children = [];

// Starts a program and waits until its output names all of `wanted` (name -> pattern with one group).
async function start(program, args, wanted) {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const running = { child, out: "", err: "", said: {} };
  children.push(running);
  child.stdout.on("data", (bytes) => (running.out += bytes));
  child.stderr.on("data", (bytes) => (running.err = (running.err + bytes).slice(-20000)));
  for (let i = 0; i < 600; i++) {
    for (const [name, pattern] of Object.entries(wanted)) running.said[name] ??= pattern.exec(running.out)?.[1];
    if (Object.keys(wanted).every((name) => running.said[name])) return running;
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${program} did not start: ${running.out}${running.err}`);
}

// HQ, with this site enrolled by files as hq/README.md tells. Out: page, code, and the [hq] part of the agent's settings.
export async function startHq() {
  const state = join(folder, "hq"), config = join(folder, "hq.toml");
  const file = (name) => join(folder, name);
  writeFileSync(config, `state_dir = "${state}"\n[web]\nport = 0\n[ingest]\nport = 0\n`);
  const hq = await start(hqProgram, ["run", "--config", config], { page: /HQ page:\s+(\S+)/, ingest: /for sites:\s+(\S+)/, code: /set-up code:\s+(\S+)/ });
  execFileSync("openssl", ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file("site.key"), "-out", file("site.csr"), "-subj", "/CN=berlin-1"], { stdio: "pipe" });
  chmodSync(file("site.key"), 0o600);
  const enrol = ["enrol", "--state-dir", state, "--csr", file("site.csr"), "--site", "berlin-1", "--label", "Berlin", "--out", file("site.crt"), "--ca-out", file("hq-ca.crt")];
  const shown = spawnSync(hqProgram, enrol, { encoding: "utf8" });
  if (shown.status !== 3) throw new Error(`enrol did not ask for the fingerprint: ${shown.stdout}${shown.stderr}`);
  execFileSync(hqProgram, [...enrol, "--fingerprint", shown.stdout.trim()], { stdio: "pipe" });
  const port = /:(\d+)\/?$/.exec(hq.said.ingest)[1];
  const settings = `[site]\nid = "berlin-1"\nlabel = "Berlin"\n[hq]\nurl = "https://localhost:${port}"\nca_file = "${file("hq-ca.crt")}"\ncertificate_file = "${file("site.crt")}"\nkey_file = "${file("site.key")}"\n`;
  return { page: hq.said.page, code: hq.said.code, settings };
}

// The agent on the simulator, whose artificial hold begins 40 s after the start.
export async function startAgent(more) {
  if (!existsSync(agentProgram)) throw new Error(`${agentProgram} is not built (HF_BIN names another build folder)`);
  const config = join(folder, "agent.toml");
  writeFileSync(config, `state_dir = "${join(folder, "agent")}"\n[web]\nport = 0\n[pbx]\nkind = "simulator"\n[simulator]\nscenario = "hp-prequeue"\nonset_seconds = 40\n${more}`);
  const agent = await start(agentProgram, ["--config", config], { page: /Holdfast agent\s+(https:\S+)/, code: /set-up code\s+(\S+)/ });
  return { page: agent.said.page, code: agent.said.code };
}

// An agent that follows two PBXs, the second one by a log that is not there.
export async function startTwoPbxs() {
  const config = join(folder, "two.toml");
  writeFileSync(config, `state_dir = "${join(folder, "two")}"\n[web]\nport = 0\n[pbx.north]\nkind = "simulator"\n[simulator.north]\nbackfill_days = 0\n[pbx.log]\nkind = "queue_log"\npath = "${join(folder, "no", "queue_log")}"\n`);
  const agent = await start(agentProgram, ["--config", config], { page: /Holdfast agent\s+(https:\S+)/, code: /set-up code\s+(\S+)/ });
  return { page: agent.said.page, code: agent.said.code };
}

const freePort = () => new Promise((done) => {
  const door = createServer().listen(0, "127.0.0.1", () => {
    const { port } = door.address();
    door.close(() => done(port));
  });
});

// A new box on its simulated centre, and a queue_log that is really there. The page must be found again after a start, so its port is chosen before.
export async function startNew() {
  const at = join(folder, "new"), config = join(at, "agent.toml"), log = join(at, "queue_log");
  mkdirSync(at);
  writeFileSync(log, `${Math.floor(Date.now() / 1000)}|NONE|NONE|NONE|QUEUESTART|\n`);
  writeFileSync(config, `state_dir = "${join(at, "state")}"\n[web]\nport = ${await freePort()}\n[pbx]\nkind = "simulator"\n`);
  const agent = await start(agentProgram, ["--config", config], { page: /Holdfast agent\s+(https:\S+)/, code: /set-up code\s+(\S+)/ });
  return { page: agent.said.page, code: agent.said.code, log };
}

// A sealed box as far as its agent sees one: a device service on a real socket, whose answers the test writes. `web`: where its page listens.
export async function startUpdatable(name = "box", web = "") {
  const at = join(folder, name), facts = join(at, "facts"), socket = join(at, "deviced.sock");
  mkdirSync(join(at, "usb"), { recursive: true });
  const tell = (said) => writeFileSync(facts, Object.entries(said).map(([key, value]) => `${key} ${value}\n`).join(""));
  tell({ version: "1.0.0", confirmed: "yes" });
  await start("python3", [join(root, "tests/e2e/fake_deviced.py"), socket, facts], { ready: /ready socket (\S+)/ });
  const config = join(at, "agent.toml");
  writeFileSync(config, `state_dir = "${join(at, "agent")}"\n[web]\nport = 0\n${web}[simulator]\nbackfill_days = 0\n[updates]\nfolder = "${join(at, "updates")}"\nusb = "${join(at, "usb")}"\ndevice_socket = "${socket}"\n`);
  const agent = await start(agentProgram, ["--config", config], { page: /Holdfast agent\s+(https:\S+)/, code: /set-up code\s+(\S+)/ });
  return { page: agent.said.page, code: agent.said.code, tell, asked: () => readFileSync(`${facts}.log`, "utf8"), stick: join(at, "usb"), health: join(at, "agent/health.json") };
}

// An agent whose PBX is a connector.
export async function startIntake() {
  const config = join(folder, "intake.toml"), state = join(folder, "intake"), token = join(folder, "token");
  writeFileSync(token, "a-token-for-the-connector\n", { mode: 0o600 });
  writeFileSync(config, `state_dir = "${state}"\n[web]\nport = 0\n[pbx]\nkind = "intake"\n[intake]\ntoken_file = "${token}"\n`);
  const agent = await start(agentProgram, ["--config", config], { page: /Holdfast agent\s+(https:\S+)/ });
  return { page: agent.said.page, token, certificate: join(state, "web.crt"), status: join(state, "status.json") };
}

export async function stopAll() {
  for (const { child } of children) if (child.exitCode === null) child.kill("SIGTERM");
  for (let i = 0; i < 100 && children.some(({ child }) => child.exitCode === null && child.signalCode === null); i++) await new Promise((done) => setTimeout(done, 100));
  for (const { child } of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

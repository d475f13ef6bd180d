// How a source is set up: what the admin copies into this box's agent.toml, and at the PBX. The lines are programs' own and are not translated.
import type { JSX } from "preact";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";

interface Block {
  where: string;
  lines: string;
}

const kHep: Block[] = [
  { where: "Asterisk: hep.conf", lines: "[general]\nenabled = yes\ncapture_address = HOLDFAST:9060\ncapture_password = KEY\ncapture_id = 1\nuuid_type = call-id" },
  { where: "Asterisk: modules.conf", lines: "load = res_hep.so\nload = res_hep_pjsip.so    ; the calls\nload = res_hep_rtcp.so     ; how they sounded" },
  {
    where: "Kamailio: kamailio.cfg",
    lines: 'loadmodule "siptrace.so"\nmodparam("siptrace", "trace_on", 1)\nmodparam("siptrace", "trace_mode", 1)\nmodparam("siptrace", "trace_to_database", 0)\n' +
      'modparam("siptrace", "hep_mode_on", 1)\nmodparam("siptrace", "hep_version", 3)\nmodparam("siptrace", "duplicate_uri", "sip:HOLDFAST:9060")',
  },
  {
    where: "OpenSIPS: opensips.cfg",
    lines: 'loadmodule "proto_hep.so"\nmodparam("proto_hep", "hep_id", "[holdfast]HOLDFAST:9060;transport=udp;version=3")\n' +
      'loadmodule "tracer.so"\nmodparam("tracer", "trace_id", "[t]uri=hep:holdfast")\n# in the request route: trace("t", "d", "sip");',
  },
  { where: "FreeSWITCH: sofia.conf.xml", lines: '<param name="capture-server" value="udp:HOLDFAST:9060;hep=3;capture_id=100"/>\n# fs_cli: sofia global capture on' },
  { where: "heplify", lines: "heplify -i eth1 -m SIPRTCP -hs HOLDFAST:9060 -hp KEY" },
];

const kTap: Block[] = [
  { where: "systemd", lines: "holdfast-tap --interface eth1 --socket /run/holdfast/tap.sock --ports 5060,5080" },
];

const kAmi: Block[] = [
  {
    where: "Asterisk: manager.conf; FreePBX: manager_custom.conf",
    lines: "[holdfast]\nsecret = KEY\ndeny = 0.0.0.0/0.0.0.0\npermit = HOLDFAST/255.255.255.255\nread = system,call,agent,user,dialplan\nwrite = reporting\nwritetimeout = 5000",
  },
];

const kEsl: Block[] = [
  {
    where: "FreeSWITCH: autoload_configs/event_socket.conf.xml, acl.conf.xml",
    lines: '<param name="listen-port" value="8021"/>\n<param name="apply-inbound-acl" value="holdfast"/>\n<list name="holdfast" default="deny">\n  <node type="allow" cidr="HOLDFAST/32"/>\n</list>',
  },
  {
    where: "FreeSWITCH: directory",
    lines: '<user id="holdfast"><params>\n  <param name="esl-password" value="KEY"/>\n  <param name="esl-allowed-api" value="status show callcenter_config"/>\n</params></user>',
  },
];

const kQueueLog: Block[] = [{ where: "Asterisk: logger.conf", lines: "[general]\nqueue_log = yes\nqueue_log_to_file = yes" }];

const kSyslog: Block[] = [
  {
    where: "rsyslog: /etc/rsyslog.d/holdfast.conf",
    lines: 'module(load="imfile")\ninput(type="imfile" File="/var/log/asterisk/queue_log"\n      Tag="queue_log:" addMetadata="off" ruleset="holdfast")\n' +
      'ruleset(name="holdfast") {\n  action(type="omfwd" target="HOLDFAST" port="5514" protocol="tcp"\n         queue.type="LinkedList" queue.filename="holdfast" action.resumeRetryCount="-1")\n}',
  },
];

const kIntake: Block[] = [{ where: "config/connector-example.py", lines: "connector-example.py https://HOLDFAST:8443 web.crt TOKEN_FILE < events.ndjson" }];

const ours = (lines: string): Block => ({ where: "Holdfast: agent.toml", lines });
const kOurs: Record<string, Block> = {
  ami: ours('[pbx]\nkind = "ami"\nhost = "PBX"\nuser = "holdfast"\nsecret_file = "pbx.secret"    # holds KEY, mode 0600'),
  esl: ours('[pbx]\nkind = "esl"\nhost = "PBX"\nuser = "holdfast@DOMAIN"\nsecret_file = "pbx.secret"    # holds KEY, mode 0600'),
  queue_log: ours('[pbx]\nkind = "queue_log"\npath = "/var/log/asterisk/queue_log"'),
  syslog: ours('[pbx]\nkind = "syslog"\n[syslog]\nlisten_port = 5514'),
  smdr: ours('[pbx]\nkind = "smdr"\nhost = "PBX"                  # dials it; without it the PBX dials port 9001 here\nport = 1752\n[smdr]\ntemplate = "smdr-templates/avaya-ip-office.toml"\n' +
    '# or over a serial line:\n# device = "/dev/ttyS0"\n# baud = 9600\n# parity = "none"'),
  intake: ours('[pbx]\nkind = "intake"\n[intake]\ntoken_file = "intake.token"  # holds TOKEN, 16 signs or more, mode 0600'),
  hep: ours('[pbx]\nkind = "hep"\n[sip]\nport = 9060\nsecret_file = "hep.secret"    # holds KEY, mode 0600; none: none is asked for'),
  tap: ours('[pbx]\nkind = "tap"\n[sip]\nsocket = "/run/holdfast/tap.sock"'),
};
const kSmdr: Block[] = [
  { where: "Avaya IP Office: System, CDR/SMDR", lines: "Output: SMDR only\nIP Address: HOLDFAST\nTCP Port: 9001" },
  { where: "3CX: Settings, CDR", lines: "3CX connects to: HOLDFAST, port 9001 (active socket)" },
  { where: "Panasonic KX: SMDR options", lines: "SMDR Format: Pattern A (80 digits)\nRS-232C: 9600 baud, 8 bits, no parity, 1 stop bit" },
];

const kBlocks: Record<string, Block[]> = { ami: kAmi, esl: kEsl, queue_log: kQueueLog, syslog: kSyslog, smdr: kSmdr, intake: kIntake, hep: kHep, tap: kTap };
const kSip = ["hep", "tap"];
export const kKinds = Object.keys(kOurs);

// A text of agent.toml with `lines` in the place of the sections of these names; the files that they name lie in `folder`.
function replaced(text: string, names: string, lines: string, folder: string): string {
  const sections = new RegExp(`^\\s*\\[(${names})(\\.[^\\]]*)?\\]`), kept: string[] = [];
  let out = false;
  for (const line of text.split("\n")) {
    if (/^\s*\[/.test(line)) out = sections.test(line);
    if (!out) kept.push(line);
  }
  const placed = lines.replace(/(\w+_file) = "([^"/]+)"/g, (_, key: string, name: string) => `${key} = "${folder}/${name}"`);
  return `${kept.join("\n").trimEnd()}\n\n${placed}\n`.trimStart();
}
export const withSource = (text: string, kind: string, folder: string): string => replaced(text, "pbx|simulator|smdr|intake|syslog|sip", kOurs[kind]?.lines ?? "", folder);
const kHq = '[hq]\nurl = "https://HQ:8445"\nca_file = "hq-ca.crt"\ncertificate_file = "site.crt"\nkey_file = "site.key"';
export const withHq = (text: string, folder: string): string => replaced(text, "hq", kHq, folder);

export function SourceSetup({ kind }: { kind: string }): JSX.Element | null {
  const blocks = kBlocks[kind];
  if (!blocks) return null;
  return (
    <details class="setup">
      <summary>{t("source_setup.title")}</summary>
      <p>{t(`source_setup.${kind}` as Key)}</p>
      {[kOurs[kind], ...blocks].map((b) => b && <><h3>{b.where}</h3><pre>{b.lines}</pre></>)}
      {kSip.includes(kind) ? <p class="note">{t("source_setup.sip")}</p> : null}
    </details>
  );
}

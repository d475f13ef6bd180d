// How a source is set up at the PBX: what the admin copies there. The lines are the PBX's own and are not translated.
import type { JSX } from "preact";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";

interface Block {
  where: string;
  lines: string;
}

const kHep: Block[] = [
  { where: "Asterisk: hep.conf", lines: "[general]\nenabled = yes\ncapture_address = HOLDFAST:9060\ncapture_password = KEY\ncapture_id = 1\nuuid_type = call-id" },
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
    where: "Asterisk: manager.conf (or manager_custom.conf)",
    lines: "[general]\nenabled = yes\n[holdfast]\nsecret = KEY\ndeny = 0.0.0.0/0.0.0.0\npermit = HOLDFAST/255.255.255.255\nread = system,call,agent,user,dialplan\nwrite = reporting",
  },
];

const kEsl: Block[] = [
  {
    where: "FreeSWITCH: autoload_configs/event_socket.conf.xml, acl.conf.xml",
    lines: '<param name="listen-port" value="8021"/>\n<param name="apply-inbound-acl" value="holdfast"/>\n<list name="holdfast" default="deny"><node type="allow" cidr="HOLDFAST/32"/></list>',
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
    lines: 'module(load="imfile")\ninput(type="imfile" File="/var/log/asterisk/queue_log" Tag="queue_log:" addMetadata="off" ruleset="holdfast")\n' +
      'ruleset(name="holdfast") { action(type="omfwd" target="HOLDFAST" port="5514" protocol="tcp" queue.type="LinkedList" queue.filename="holdfast" action.resumeRetryCount="-1") }',
  },
];

const kIntake: Block[] = [{ where: "config/connector-example.py", lines: "connector-example.py https://HOLDFAST:8443 web.crt TOKEN_FILE < events.ndjson" }];

const kBlocks: Record<string, Block[]> = { ami: kAmi, esl: kEsl, queue_log: kQueueLog, syslog: kSyslog, smdr: [], intake: kIntake, hep: kHep, tap: kTap };
const kSip = ["hep", "tap"];

export function SourceSetup({ kind }: { kind: string }): JSX.Element | null {
  const blocks = kBlocks[kind];
  if (!blocks) return null;
  return (
    <details>
      <summary>{t("source_setup.title")}</summary>
      <p>{t(`source_setup.${kind}` as Key)}</p>
      {blocks.map((b) => <><h3>{b.where}</h3><pre>{b.lines}</pre></>)}
      {kSip.includes(kind) ? <p class="note">{t("source_setup.sip")}</p> : null}
    </details>
  );
}

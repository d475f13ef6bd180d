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

const kBlocks: Record<string, Block[]> = { hep: kHep, tap: kTap };

export function SourceSetup({ kind }: { kind: string }): JSX.Element | null {
  const blocks = kBlocks[kind];
  if (!blocks) return null;
  return (
    <details>
      <summary>{t("setup.title")}</summary>
      <p>{t(`setup.${kind}` as Key)}</p>
      {blocks.map((b) => <><h3>{b.where}</h3><pre>{b.lines}</pre></>)}
      <p class="note">{t("setup.sip")}</p>
    </details>
  );
}

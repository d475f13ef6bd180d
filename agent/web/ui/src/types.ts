// What the API answers, as openapi.yaml says it. Times are unix seconds, durations seconds, unknown is null.
export interface State { setup_needed: boolean; logged_in: boolean; language: "en" | "ru"; version: string | null }
export interface Session { user: string; role: "viewer" | "admin"; csrf_token: string; idle_s: number; ends: number }
export interface ServiceLevels { within_s: number; ignore_abandons: number | null; abandons_negative: number | null; abandons_positive: number | null; only_handled: number | null }
export interface Counts {
  start: number; span_s: number; observed_s: number; completeness: number; offered: number; answered: number; abandoned: number; short_abandoned: number;
  timeout: number; exit_key: number; refused: number; lost: number; service_levels: ServiceLevels; asa_s: number | null; wait_p50_s: number | null;
  wait_p95_s: number | null; abandon_rate: number | null; occupancy: number | null; hold_s: number; talk_s: number; longest_wait_s: number; avoidable_s: number | null;
}
export interface Waits {
  now: number[]; now_calls: number; now_from: number; baseline: number[] | null; baseline_calls: number; baseline_from: number | null; baseline_to: number | null;
  baseline_p50_s: number | null; baseline_p95_s: number | null;
}
export interface LiveScope {
  id: string; label: string; holding: boolean; waiting: number; held: number; free: number | null; shown_free: number | null; staffed: number | null;
  longest_wait_s: number | null; today: Counts; waits: Waits; forecasts: Forecast[];
}
export interface ForecastScore {
  cases: number; missed: number; enough: boolean; brier: number | null; brier_persistence: number | null; brier_climatology: number | null; skill_persistence: number | null;
  skill_climatology: number | null; calibration_gap: number | null; gap_by_chance: number | null; bins: { cases: number; told: number | null; came: number | null }[];
}
export interface Forecast { horizon_s: number; target_share: number; missed: number | null; made: number; score: ForecastScore }
export interface WaitingCaller {
  id: string; line: string | null; line_label: string; queue: string | null; queue_label: string; place: "before_queue" | "in_queue" | "in_holding_queue";
  arrived: number; age_s: number; queue_age_s: number | null; held: boolean; usual_s: number | null;
}
export type AgentState = "logged_out" | "free" | "ringing" | "talking" | "on_hold" | "wrap_up" | "paused" | "busy" | "unavailable" | "not_answering" | "unknown";
export interface AgentRow {
  agent: string; name: string; queue: string; queue_label: string; state: AgentState; since: number; shown_free: boolean; really_free: boolean; misses: number;
  penalty: number; pause_reason: string;
}
export type IncidentKind = "artificial_hold" | "dead_queue" | "phones_refuse" | "missing_agents" | "handling_time" | "arrival_surge" | "wait_drift" | "trunk_failure" | "source_gap" | "unknown";
export interface IncidentNews { id: string; kind: IncidentKind; news: string; revision: number; signalled: number; closed: number | null; acknowledged: number | null }
export interface Live {
  at: number; observing: boolean; agents_known: boolean; pre_queue_known: boolean; completeness: number; waiting: number; held: number; free: number | null;
  shown_free: number | null; staffed: number | null; longest_wait_s: number | null; avoidable_today_s: number | null; today: Counts; wait_edges_s: number[];
  callers: WaitingCaller[]; callers_omitted: number; agents: AgentRow[]; agents_omitted: number; queues: LiveScope[]; lines: LiveScope[]; incidents: IncidentNews[];
}
export interface Named { id: string; label: string }
export interface SharePart { factor: "load" | "staffing" | "handling" | "avoidable"; share: number; low: number; high: number; text: string }
export interface Shares {
  state: "too_few" | "told" | "no_extra" | "unlike"; calls: number; measured_wait_s: number; replayed_wait_s: number; usual_wait_s: number; parts: SharePart[]; text: string;
}
export interface Incident {
  id: string; kind: IncidentKind; title: string; sentence: string; lines: (Named & { named: number | null })[]; queues: Named[]; members: Named[]; onset: number;
  onset_low: number; onset_high: number; signalled: number; time_to_signal_s: number; closed: number | null; imposed_wait_s: number | null; affected_calls: number;
  avoidable_caller_s: number | null; imposed_caller_s: number; evidence: { template: string; text: string; sample_size: number; at: number }[];
  first_checks: { template: string; text: string }[]; chain: { template: string; at: number; text: string }[];
  shares: Shares | null; revision: number; acknowledged: number | null; acknowledged_by: string | null; declared: string | null;
}
export interface ChartCall { line: string; arrived: number; wait_s: number; outcome: string; held: boolean }
export interface IncidentPage { incident: Incident; chart: { from: number; to: number; usual_s: number | null; calls: ChartCall[]; calls_omitted: number } }
export interface Formula { id: string; name: string; unit: string; formula: string; text: string }
export type SignalState = "unknown" | "quiet" | "watching" | "standing" | "not_visible";
export interface SignalReading {
  line: string | null; line_label: string; queue: string | null; queue_label: string; value: number | null; baseline: number | null; sample_size: number; state: SignalState;
}
export interface Signal {
  id: string; group: "way_in" | "queue" | "callers" | "agents" | "load" | "link"; signatures: string[]; unit: "number" | "seconds" | "share" | "nats"; formula: string;
  needs: ("channels" | "steps" | "agents" | "survey" | "live")[]; incident: IncidentKind | null; role: "figure" | "evidence" | "opens"; state: SignalState; name: string;
  text: string; check: string; alike: string; readings: SignalReading[];
}
export interface SignalsNow { at: number; signals: Signal[] }
export interface Source {
  name: string; kind: string; address: string; state: "connecting" | "healthy" | "degraded" | "failed"; what: string; since: number | null; events: number; bytes: number;
  unknown_messages: number; malformed_messages: number; reconnects: number; held_back: number; last_event: number | null;
  can: { live: boolean; agent_state: boolean; pre_queue: boolean; hold_times: boolean; voice: boolean; queues: boolean; abandons: boolean; resumable: boolean; grain_s: number };
  oddities: Record<"clock_back" | "negative" | "started_twice" | "ended_unknown" | "joined_twice" | "left_unjoined" | "members_for_ever", number>;
}
export type Need = "channels" | "steps" | "agents" | "survey" | "live";
export interface Coverage { heard: boolean; product: string; signatures: { signature: string; seen_by: string[]; lacking: Need[] }[]; metrics: { metric: string; lacking: Need[] }[] }
export interface Listening { sources: Heard[] }
export interface Heard {
  name: string; listening: boolean; from: number | null; listened_s: number; heard: { kind: string; count: number; examples: string[] }[]; clock_ahead_s: number | null;
  missing: { kind: string; reason: string }[];
}
export interface SmdrLine {
  line: string; verdict: "record" | "passed_over" | "malformed"; problem: string; start: number | null; end: number | null; ring_s: number | null; talk_s: number | null;
  total_s: number | null; dialled: string; device: string; call: string; caller: boolean; answered: boolean;
}
export interface SmdrProposal { template: string; doubts: string[]; lines: SmdrLine[] }
export interface SurveyRow {
  queue: string; queue_label: string; question: "untold" | "csat" | "nps" | "ces"; low: number; high: number; answers: number; bad: number; mean: number | null; nps: number | null; poor: number | null;
  csat: number | null;
}
export interface Surveys { from: number; to: number; fewest: number; too_old: number; rows: SurveyRow[] }
export interface VoiceRow { queue: string; queue_label: string; listeners: number; poor: number; loss: number | null; jitter_s: number | null; mos_lq: number | null; worst_mos_lq: number | null }
export interface Voice { from: number; to: number; poor_below: number; too_old: number; rows: VoiceRow[] }
export interface SurveyImport { accepted: number; bad: number; refused_in_all: number; refused: { line: number; problem: string }[] }
export interface Line { id: string; label: string; queue: string; legal_notice_s: number; promised_wait_s: number }
export interface Queue { id: string; label: string; ring_time_s: number; service_level_s: number; short_abandon_s: number; holding: boolean }
export interface SiteModel { time_zone: string; lines: Line[]; queues: Queue[]; opening_hours: { from: number; to: number }[]; trunks: string[]; holidays: Holiday[] }
export interface Holiday { date: string; from: number; to: number }
export interface SiteModelState { site_model: SiteModel; learnt_lines: { id: string; queue: string | null }[]; learnt_queues: string[]; learnt_trunks: string[] }
export interface OutboxItem { sequence: number; kind: string; created: number; sent: number | null; acknowledged: number | null; bytes: number; wire_bytes: number | null; attempts: number }
export interface HqLink {
  configured: boolean; address: string; site: string; state: "off" | "connecting" | "connected" | "refused" | "unreachable"; what: string; since: number | null;
  last_contact: number | null; last_acknowledged: number | null; queued: number; oldest_queued: number | null; next_attempt: number | null; certificate_ends: number | null;
}
export interface SettingsFile { name: string; size: number; changed: number; used: boolean }
export interface Settings { path: string; text: string; mark: string; locked: string | null; folder: string; files: SettingsFile[]; taken_back: string | null }
export interface EnrolmentRequest { request: string; fingerprint: string; key_file: string }
export interface SettingsVerdict { problems: string[]; forgets_simulation: boolean }
export interface Webhook { enabled: boolean; url: string; secret_set: boolean; dialled_numbers: boolean }
export interface Delivery {
  id: string; incident: string | null; news: string; created: number; attempts: number; last_attempt: number | null; next_attempt: number | null; delivered: number | null;
  state: "waiting" | "delivered" | "given_up"; status: number | null; what: string;
}
export type UpdateReason = "none" | "damaged" | "signature" | "other_hardware" | "downgrade" | "same" | "too_old" | "no_space" | "health" | "never_up" | "interrupted" | "replaced" | "name" | "other";
export type UpdateOrigin = "upload" | "usb" | "hq";
export interface Transfer { name: string; sha256: string; size: number; offset: number; who: string; began: number }
export interface Bundle {
  id: string; name: string; origin: UpdateOrigin; size: number; version: string; compatible: string; verdict: "unchecked" | "checking" | "good" | "refused"; reason: UpdateReason;
  detail: string;
}
export interface UpdateAttempt {
  version: string; from: string; who: string; origin: UpdateOrigin; began: number; ended: number | null; outcome: "under_way" | "good" | "failed" | "given_back" | "interrupted";
  reason: UpdateReason; detail: string;
}
export interface UpdateWindow { from: number; to: number }
export interface MachineSetting { interface: string; dhcp: boolean; address: string; gateway: string; dns: string[] }
export interface MachineTrial { setting: MachineSetting; left_s: number; reached: boolean; token: string | null }
export interface Machine {
  present: boolean; problem: string; hostname: string; zone: string; clock: number; time_servers: string[]; interfaces: { name: string; state: string; addresses: string[] }[]; gateway: string;
  dns: string[]; settings: MachineSetting[]; trial: MachineTrial | null; last_trial: { setting: MachineSetting; end: "kept" | "reverted" | "taken_back"; at: number } | null;
  shutdown: { what: "restart" | "power_off"; from: number; to: number } | null; window: string; next_window: UpdateWindow | null; diagnostics: string;
}
export interface Updates {
  keeper: "unknown" | "packages" | "box"; problem: string; version: string; compatible: string; confirmed: boolean; stage: "idle" | "installing" | "installed" | "trial"; percent: number;
  step: string; window: string; next_window: UpdateWindow | null; restart: UpdateWindow | null; max_size: number; piece: number; upload: Transfer | null; bundles: Bundle[];
  history: UpdateAttempt[];
}
export interface User { name: string; role: "viewer" | "admin"; disabled: boolean; created: number; last_login: number | null; sessions: number }
export interface AuditRow { id: number; at: number; actor: string; address: string; action: string; target: string; result: string; before: unknown; after: unknown; hash: string }
export interface Health {
  version: string; started: number; clock: number; rss_bytes: number | null; disk_free_bytes: number | null; disk_total_bytes: number | null; journal_epoch: string;
  journal_sequence: number; journal_committed: number | null; certificate_sha256: string; certificate_ends: number | null;
  problems: { id: string; severity: "warning" | "failure"; since: number; what: string }[];
  board: Board;
}
export interface Board {  // null, or not in a list: the machine does not tell
  temperatures: { sensor: string; celsius: number; limit: number | null }[];
  fans: { sensor: string; rpm: number }[];
  links: { name: string; up: boolean; mbps: number | null; errors: number; dropped: number }[];
  disks: { name: string; kind: string; worn_percent: number | null; failing: boolean | null }[];
  clock: { synchronised: boolean | null; error_s: number | null; source: string; reference: string | null; offset_s: number | null };
  memory_total_bytes: number | null; memory_available_bytes: number | null; clock_battery_low: boolean | null; tpm: string | null;
}

// Rules, hypotheses and declared changes as openapi.yaml says them.
import type { IncidentKind } from "./types";

export type Severity = "info" | "warning" | "critical";
export type Mode = "shadow" | "active" | "off";
export interface RulePlace { scope: "queue" | "line"; id: string; label: string }
export interface RuleValue { measure: string; scope: "queue" | "line"; id: string; unit: "seconds" | "share" | "count"; over_s: number | null; value: number | null; at_least: boolean; sample: number; why: string }
export interface Firing {
  id: string; rule: string; name: string; role: "rule" | "signal" | "guardrail"; severity: Severity; shadow: boolean; place: RulePlace; since: number; opened: number;
  time_to_signal_s: number; paged: number | null; closed: number | null; ended: string; values: RuleValue[];
}
export interface RuleAt { place: RulePlace; truth: "no" | "yes" | "unknown"; asked: number | null; since: number | null; firing: Firing | null; values: RuleValue[] }
export interface Maintenance { weekdays: number[]; from_minute: number; to_minute: number; from: number | null; to: number | null }
export interface RuleForm { name: string; text: string; owner: string; runbook: string; severity: Severity; mode: Mode; maintenance: Maintenance[] }
export interface Rule extends RuleForm {
  id: string; snoozed_until: number | null; snoozed_by: string; revision: number; changed: number; changed_by: string; quiet: "no" | "shadow" | "maintenance" | "snoozed";
  fired: number; firing: number; places: RuleAt[]; places_omitted: number;
}
export interface Rules { rules: Rule[]; measures: { name: string; unit: RuleValue["unit"]; looks_back: boolean; needs_agents: boolean; has_usual: boolean }[]; names: RulePlace[] }
export interface RuleProblem { id: string; name: string; suggestion: string; column: number; length: number; text: string }
export interface RuleCheck { problem: RuleProblem | null; now: RuleAt[] }
export interface RuleIncident { id: string; kind: IncidentKind; onset: number; signalled: number; closed: number | null; imposed_wait_s: number | null; affected_calls: number }
export interface Foretold extends Firing { incident: RuleIncident | null; after_onset_s: number | null }
export interface Score { signals: number; hits: number; misses: number; open: number; targets: number; foreseen: number; median_lead_s: number | null; leads_s: number[] }
export interface BacktestResult { from: number; to: number; entries: number; firings: Foretold[]; more: boolean; unforetold: RuleIncident[]; score: Score | null }
export interface Backtest { id: string; state: "running" | "done" | "cancelled" | "failed"; progress: number; what: string; result: BacktestResult | null }
export interface Hypothesis {
  id: string; name: string; signal: string; expectation: string; owner: string; target: string; lead_min_s: number; lead_max_s: number; weeks: number; created: number;
  created_by: string; decided: boolean; score: Score; places: RuleAt[];
}
export interface ChangeMeasure { wait_s: number | null; handling_s: number | null; answered: number }
export interface Change {
  id: string; name: string; what: string; owner: string; place: RulePlace; from: number; to: number; phase: "planned" | "running" | "over"; expected_wait_s: number | null;
  expected_handling_s: number | null; declared: number; declared_by: string; guardrails: Rule[]; broken: Firing[]; incidents: RuleIncident[]; before: ChangeMeasure; during: ChangeMeasure;
}

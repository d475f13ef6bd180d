import type { Key } from "../kit/i18n";
import { t } from "../kit/i18n";
import type { AgentState, IncidentKind, WaitingCaller } from "./types";

export const kindWords = (kind: IncidentKind): string => t(`kind.${kind}` as Key);
export const agentWords = (state: AgentState): string => t(`agent.${state}` as Key);
export const placeWords = (place: WaitingCaller["place"]): string => t(`place.${place}` as Key);
export const newsWords = (news: string): string => t(`news.${news}` as Key);
export const outcomeWords = (outcome: string): string => t(`outcome.${outcome}` as Key);

// Numbers and times for people. In: seconds, shares, unix times. Out: short text in the reader's language; null is always "unknown".
import { currentLanguage, t } from "./i18n";

export function duration(s: number | null): string {
  if (s === null) return t("unknown");
  const whole = Math.round(s);
  if (whole < 60) return t("unit.s", { v: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return t("unit.min_s", { m: minutes, s: String(whole % 60).padStart(2, "0") });
  return t("unit.h_min", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
}

// A round duration as short as it can be said, for the axis of a chart.
export function briefly(s: number): string {
  if (s < 60) return t("unit.s", { v: s });
  return t("unit.min", { m: Math.round(s / 60) });
}

// Caller time: minutes, since hundreds of seconds tell nobody anything.
export function callerMinutes(s: number | null): string {
  if (s === null) return t("unknown");
  const minutes = s / 60;
  const shown = minutes < 10 ? Math.round(minutes * 10) / 10 : Math.round(minutes);
  return new Intl.NumberFormat(currentLanguage()).format(shown);
}

export function share(v: number | null): string {
  if (v === null) return t("no_calls");
  return new Intl.NumberFormat(currentLanguage(), { style: "percent", maximumFractionDigits: v > 0.99 && v < 1 ? 1 : 0 }).format(v);
}

// With so many digits behind the point, no more and no fewer.
export const decimal = (v: number | null, digits: number): string =>
  v === null ? t("unknown") : new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(v);
export const tenthsOfPercent = (v: number | null): string =>
  v === null ? t("unknown") : new Intl.NumberFormat(currentLanguage(), { style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(v);

const locale = (): string => (currentLanguage() === "en" ? "en-GB" : "ru");  // a 24 h clock and the day first in both

export const count = (n: number | null): string => (n === null ? t("unknown") : new Intl.NumberFormat(currentLanguage()).format(n));

export function clock(unix: number | null): string {
  if (unix === null) return t("never");
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(unix * 1000);
}
// With the year when it is not this one.
export function moment(unix: number | null): string {
  if (unix === null) return t("never");
  const year = new Date(unix * 1000).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(locale(), { ...year, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(unix * 1000);
}
export function bytes(n: number | null): string {
  if (n === null) return t("unknown");
  const units = currentLanguage() === "ru" ? ["Б", "кБ", "МБ", "ГБ", "ТБ"] : ["B", "kB", "MB", "GB", "TB"];
  let v = n, i = 0;
  while (v >= 1000 && i < units.length - 1) v /= 1000, i++;
  return `${new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: v < 10 && i > 0 ? 1 : 0 }).format(v)} ${units[i]}`;
}

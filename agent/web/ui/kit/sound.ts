// Two soft tones when an incident opens. Browsers allow sound only after the person has clicked or typed: allowed() tells.
const kStored = "holdfast.sound";
let context: AudioContext | null = null;

export const soundWanted = (): boolean => localStorage.getItem(kStored) !== "off";
export function wantSound(on: boolean): void {
  localStorage.setItem(kStored, on ? "on" : "off");
  if (on) void unlock();
}

export async function unlock(): Promise<boolean> {
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume().catch(() => undefined);
  return context.state === "running";
}
export const soundAllowed = (): boolean => context?.state === "running";

export function ring(): void {
  if (!soundWanted() || !context || context.state !== "running") return;
  [660, 880].forEach((pitch, i) => {
    const tone = context!.createOscillator(), volume = context!.createGain();
    const start = context!.currentTime + i * 0.28;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.26);
    tone.connect(volume).connect(context!.destination);
    tone.start(start);
    tone.stop(start + 0.28);
  });
}

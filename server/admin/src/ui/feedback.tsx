// What the page says: states, troubles, empty places, and short messages that come and go.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { createStore, useStore } from '../lib/store.ts';
import type { Loaded } from '../lib/load.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { t } from './texts.ts';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

export const Badge = ({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconName; children: ComponentChildren }) =>
  <span class={`badge ${tone}`}>{icon && <Icon name={icon} size={14} />}{children}</span>;

const TONE_ICONS: Record<Tone, IconName> = { neutral: 'info', info: 'info', good: 'check', warn: 'alert', bad: 'alert' };

// A message that belongs to its place. bad and warn are told at once to those who do not see.
export const Notice = ({ tone = 'info', title, children, action }: { tone?: Tone; title?: string; children?: ComponentChildren; action?: ComponentChildren }) => (
  <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : tone === 'warn' ? 'status' : undefined}>
    <Icon name={TONE_ICONS[tone]} />
    <div>{title && <p class="notice-title">{title}</p>}{children}</div>
    {action && <div class="notice-action">{action}</div>}
  </div>
);

// An empty place teaches: what this is, why it is empty, one button.
export const Empty = ({ icon, title, children, action }: { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren }) => (
  <div class="empty">
    <span class="empty-icon"><Icon name={icon} size={32} /></span>
    <h2>{title}</h2>
    {children && <p>{children}</p>}
    {action}
  </div>
);

export const Progress = ({ value, label }: { value: number; label: string }) => (
  <div class="progress"><progress value={value} max={1} aria-label={label} /><span aria-hidden="true">{Math.round(value * 100)} %</span></div>
);

export const Waiting = ({ lines = 3 }: { lines?: number }) => (
  <div class="waiting" role="status">
    <span class="unseen">{t.loading}</span>
    {Array.from({ length: lines }, (_, i) => <span key={i} class="bone" aria-hidden="true" />)}
  </div>
);

// What is loaded, or the wait for it, or why it did not come with a button to try again. What was
// loaded before stays while it is asked for anew.
export function Show<T>({ of, children, lines }: { of: Loaded<T>; children: (data: T) => ComponentChildren; lines?: number }) {
  if (of.data !== undefined) {
    return <>{of.error && <Trouble error={of.error} retry={of.reload} />}{children(of.data)}</>;
  }
  return of.error ? <Trouble error={of.error} retry={of.reload} /> : <Waiting lines={lines} />;
}

export const Trouble = ({ error, retry }: { error: Error; retry?: () => void }) => (
  <Notice tone="bad" title={t.failed} action={retry && <Button small icon="refresh" onClick={retry}>{t.retry}</Button>}>
    <p>{error.message}</p>
  </Notice>
);

// --- short messages -------------------------------------------------------------------------------

interface Toast {
  key: number;
  text: string;
  tone: Tone;
  action?: { label: string; run: () => void };
}

const toasts = createStore<Toast[]>([]);
let keys = 0;

// "Enregistré", "Publié": done, nothing to do. Troubles stand where they happen instead.
export function toast(text: string, tone: Tone = 'good', action?: Toast['action']) {
  const key = ++keys;
  toasts.set([...toasts.get().slice(-2), { key, text, tone, action }]);
  setTimeout(() => toasts.set(toasts.get().filter((one) => one.key !== key)), action ? 12000 : 5000);
}

export function Toasts() {
  const list = useStore(toasts);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Above dialogs, which stand in the browser's top layer.
    const element = host.current!;
    if (!('showPopover' in element)) return;
    element.hidePopover?.();
    if (list.length) element.showPopover();
  }, [list]);
  return (
    <div ref={host} class="toasts" popover="manual" role="status" aria-live="polite">
      {list.map((one) => (
        <p key={one.key} class={`toast ${one.tone}`}><Icon name={TONE_ICONS[one.tone]} />{one.text}
          {one.action && <Button small onClick={one.action.run}>{one.action.label}</Button>}</p>
      ))}
    </div>
  );
}

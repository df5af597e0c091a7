// Above every page while an emergency runs, or waits for the one who reads this.
import { plural, texts } from '../lib/i18n.ts';
import { formatAgo } from '../lib/dates.ts';
import { LinkButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { mayConfirm, serverNow, useEmergencies } from './emergencies.ts';

const t = texts({
  label: 'Urgence', running: (title: string, n: number) => `Urgence en cours sur ${plural(n, 'écran')} : « ${title} »`, ends: (s: string) => `Se termine ${s}.`,
  safe: 'L’image neutre est sur tous les écrans.', waits: (title: string) => `Une urgence attend votre confirmation : « ${title} »`, see: 'Voir et agir', more: (n: number) => `et ${plural(n, 'autre')}`,
}, {
  label: 'Emergency', running: (title, n) => `Emergency on ${plural(n, 'screen')}: “${title}”`, ends: (s) => `Ends ${s}.`,
  safe: 'The neutral slide is on all screens.', waits: (title) => `An emergency waits for you to confirm: “${title}”`, see: 'See and act', more: (n) => `and ${plural(n, 'other')}`,
});

export function EmergencyBanner({ hidden }: { hidden: boolean }) {
  const { data } = useEmergencies(10000);
  const waits = data?.waiting.filter(mayConfirm) ?? [], running = data?.emergencies ?? [];
  const one = waits[0] ?? running[0];
  if (hidden || !one) return null;
  const rest = waits.length + running.length - 1;
  return (
    <section class={`alarm-banner ${one.waiting ? 'waits' : ''}`} aria-label={t.label}>
      <p role="alert"><Icon name="alert" /><strong>{one.waiting ? t.waits(one.title) : one.safe ? t.safe : t.running(one.title, one.screens.length)}</strong>
        {one.until_ms !== undefined && ` ${t.ends(formatAgo(one.until_ms, serverNow()))}`} {rest > 0 && t.more(rest)}</p>
      <LinkButton small to="/emergency">{t.see}</LinkButton>
    </section>
  );
}

// The tour of the first day: three steps, each beside what it tells of and never over it. Not modal:
// whoever would rather begin may simply do so.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { get, put } from '../lib/api.ts';
import { texts } from '../lib/i18n.ts';
import { createStore, useStore } from '../lib/store.ts';
import { Button } from '../ui/button.tsx';

const t = texts({
  steps: [
    { title: 'Tout part d’ici', text: 'Contenus, diffusion, suivi : le menu range le bureau dans l’ordre du travail. « Aujourd’hui » dit ce que montrent les écrans, et ce qui attend.' },
    { title: 'Retrouver n’importe quoi', text: 'Un nom, un titre, une commune : quelques lettres suffisent. La touche / y mène depuis toute page.' },
    { title: 'Ce qui vous attend, et l’urgence', text: 'La cloche réunit ce qu’on vous demande. « Urgence » prend les écrans en deux étapes, jamais par mégarde.' },
  ],
  of: (n: number, all: number) => `Visite guidée, étape ${n} sur ${all}`, next: 'Suivant', back: 'Précédent', done: 'C’est parti', skip: 'Passer la visite',
}, {
  steps: [
    { title: 'Everything begins here', text: 'Content, screens, follow-up: the menu sorts the desk in the order of the work. “Today” tells what screens show, and what waits.' },
    { title: 'Find anything', text: 'A name, a title, a town: a few letters are enough. The / key leads there from any page.' },
    { title: 'What waits for you, and emergencies', text: 'The bell gathers what is asked of you. “Emergency” takes screens in two steps, never by accident.' },
  ],
  of: (n, all) => `Guided tour, step ${n} of ${all}`, next: 'Next', back: 'Back', done: 'Let us begin', skip: 'Skip the tour',
});

// What each step tells of; the next that is in sight, for narrow windows.
const TARGETS = ['.nav, .nav-toggle', '.quick', '.bar-end'];

const running = createStore(false);

export async function replayTour() {
  await put('/session/tour', { seen: false }).catch(() => {});
  running.set(true);
}

const inSight = (selector: string) => [...document.querySelectorAll(selector)].find((one) => one.getClientRects().length > 0);

// Beside the target where there is room, else under it; under the page's name in any case.
function placeOf(target: Element | undefined, box: HTMLElement) {
  const at = target?.getBoundingClientRect();
  const gap = 12, width = box.offsetWidth, most = document.documentElement.clientWidth - width - gap;
  if (!at) return { left: Math.max(gap, most / 2), top: 96 };
  const least = (document.querySelector('main .page-title')?.getBoundingClientRect().bottom ?? 0) + gap;
  const beside = at.right + gap <= most && at.height > 200;
  return {
    left: Math.max(gap, Math.min(beside ? at.right + gap : at.left, most)),
    top: Math.max(beside ? at.top + 24 : at.bottom + gap, least),
  };
}

export function Tour() {
  const open = useStore(running);
  const [step, setStep] = useState(0);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  const box = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    get<{ seen: boolean }>('/session/tour').then(({ seen }) => seen || running.set(true), () => {});
  }, []);
  useEffect(() => {
    if (open) setStep(0);
  }, [open]);
  useLayoutEffect(() => {
    if (!open) return undefined;
    const target = inSight(TARGETS[step]!);
    if (!box.current!.contains(document.activeElement)) before.current = document.activeElement;
    const put = () => setPlace(placeOf(target, box.current!));
    put();
    target?.classList.add('tour-target');
    box.current!.querySelector<HTMLElement>('h2')!.focus({ preventScroll: true });
    const watch = new ResizeObserver(put); // of the window too: the page comes after its name
    watch.observe(document.getElementById('main')!);
    return () => {
      watch.disconnect();
      target?.classList.remove('tour-target');
    };
  }, [open, step]);
  if (!open) return null;
  const end = () => {
    running.set(false);
    put('/session/tour', { seen: true }).catch(() => {});
    if (before.current?.isConnected) (before.current as HTMLElement).focus({ preventScroll: true });
  };
  const last = step === t.steps.length - 1;
  return (
    <section ref={box} class="tour" aria-label={t.of(step + 1, t.steps.length)} style={{ left: `${place.left}px`, top: `${place.top}px` }}
      onKeyDown={(event) => event.key === 'Escape' && end()}>
      <p class="soft">{t.of(step + 1, t.steps.length)}</p>
      <h2 tabIndex={-1}>{t.steps[step].title}</h2>
      <p>{t.steps[step].text}</p>
      <div class="actions">
        <Button small kind="primary" onClick={() => (last ? end() : setStep(step + 1))}>{last ? t.done : t.next}</Button>
        {step > 0 && <Button small onClick={() => setStep(step - 1)}>{t.back}</Button>}
        {!last && <Button small kind="quiet" onClick={end}>{t.skip}</Button>}
      </div>
    </section>
  );
}

// One's own account: password, second factor, where one is logged in, notices by e-mail, language.
import { useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { t as desk } from '../../app/texts.ts';
import { replayTour } from '../../app/tour.tsx';
import { ApiError, at, del, get, put } from '../../lib/api.ts';
import { formatAgo, formatInstant } from '../../lib/dates.ts';
import { changeLang, lang, type Lang } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { loadSession, session, takeSession, type Session } from '../../lib/session.ts';
import { useStore } from '../../lib/store.ts';
import { Button } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Badge, Notice, Show, toast } from '../../ui/feedback.tsx';
import { CheckField, Choices, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { roleName } from '../people/roles.ts';
import { SecondFactorRemove, SecondFactorSetup } from './second_factor.tsx';
import { t } from './texts.ts';

function PasswordCard() {
  const [now, setNow] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState({ words: '', field: '' });
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (next !== again) return setProblem({ words: t.passwordDiffer, field: 'again' });
    setBusy(true);
    setProblem({ words: '', field: '' });
    try {
      takeSession(await put<Session>('/session/password', { password: now, new_password: next }));
      setNow('');
      setNext('');
      setAgain('');
      toast(t.passwordDone);
    } catch (error) {
      const { message, field } = error as ApiError;
      setProblem({ words: message, field: field === 'new_password' ? field : 'password' });
    }
    setBusy(false);
  };
  const field = (name: string) => (problem.field === name ? problem.words : '');
  return (
    <Card title={t.passwordTitle}>
      <form class="stack" onSubmit={send}>
        <TextField label={t.password} type="password" value={now} onChange={setNow} required error={field('password')} input={{ autoComplete: 'current-password' }} />
        <TextField label={t.passwordNew} type="password" value={next} onChange={setNext} required error={field('new_password')} help={t.passwordHelp} input={{ autoComplete: 'new-password' }} />
        <TextField label={t.passwordAgain} type="password" value={again} onChange={setAgain} required error={field('again')} input={{ autoComplete: 'new-password' }} />
        <div class="actions"><Button type="submit" busy={busy}>{t.passwordSave}</Button></div>
      </form>
    </Card>
  );
}

function FactorCard() {
  const me = useStore(session)!;
  const [open, setOpen] = useState(false);
  const done = (words: string) => async () => {
    await loadSession();
    setOpen(false);
    toast(words);
  };
  if (open && !me.second_factor) return <SecondFactorSetup onDone={done(t.factorDone)} onCancel={() => setOpen(false)} />;
  return (
    <Card title={t.factorTitle} actions={<Badge tone={me.second_factor ? 'good' : 'neutral'} icon={me.second_factor ? 'check' : undefined}>{me.second_factor ? t.factorOn : t.factorNone}</Badge>}>
      <p>{t.factorWhy}</p>
      {open ? <SecondFactorRemove onDone={done(t.factorOffDone)} onCancel={() => setOpen(false)} />
        : <div class="actions"><Button onClick={() => setOpen(true)}>{me.second_factor ? t.factorOff : t.factorSet}</Button></div>}
    </Card>
  );
}

interface OwnSession {
  id: string;
  current: boolean;
  created_ms: number;
  seen_ms: number;
  method: string;
  agent: string;
}

// "Firefox sur Linux", of a browser's long word.
function agentName(agent: string) {
  const first = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = first([[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Chrome\//, 'Chrome'], [/Firefox\//, 'Firefox'], [/Safari\//, 'Safari']]);
  const system = first([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']]);
  return browser && system ? t.on(browser, system) : browser ?? (agent.slice(0, 40) || t.unknown);
}

function SessionsCard() {
  const me = useStore(session)!;
  const list = useLoad(() => get<{ items: OwnSession[] }>('/sessions'), [me.csrf]); // a new password begins a new one
  const end = async (one: OwnSession) => {
    await del(at`/sessions/${one.id}`).catch((error) => toast(error.message, 'bad'));
    toast(t.ended);
    list.reload();
  };
  const endAll = async () => {
    if (!await confirm({ title: t.endAllTitle, text: t.endAllText, action: t.endAll, kind: 'danger' })) return;
    await del('/sessions');
    location.assign('/admin/');
  };
  return (
    <Card title={t.sessionsTitle} actions={<Button small onClick={endAll}>{t.endAll}</Button>}>
      <p class="soft">{t.sessionsText}</p>
      <Show of={list}>{({ items }) => (
        <ul class="ac-sessions">
          {items.map((one) => (
            <li key={one.id} class="split">
              <div><strong>{agentName(one.agent)}</strong> {one.current && <Badge tone="info">{t.here}</Badge>}
                <small>{t.methods[one.method as keyof typeof t.methods] ?? ''} · {t.since} {formatInstant(one.created_ms)} · {t.seen} {formatAgo(one.seen_ms)}</small></div>
              {!one.current && <Button small onClick={() => end(one)} aria-label={t.endOf(agentName(one.agent))}>{t.end}</Button>}
            </li>
          ))}
        </ul>
      )}</Show>
    </Card>
  );
}

type NoticeKind = keyof typeof t.noticeKinds;

function NoticesCard() {
  const choices = useLoad(() => get<{ email: string; mail: NoticeKind[] }>('/notices/choices'), []);
  const kinds = Object.keys(t.noticeKinds) as NoticeKind[];
  const change = async (kind: NoticeKind, on: boolean) => {
    const was = choices.data!;
    const mail = kinds.filter((one) => (one === kind ? on : was.mail.includes(one)));
    choices.set({ ...was, mail });
    try {
      await put('/notices/choices', { mail });
      toast(t.noticesSaved);
    } catch (error) {
      choices.set(was);
      toast((error as Error).message, 'bad');
    }
  };
  return (
    <Card title={t.noticesTitle}>
      <Show of={choices}>{({ email, mail }) => <>
        {email ? <p class="soft">{t.noticesTo(email)}</p> : <Notice><p>{t.noticesNone}</p></Notice>}
        <div class="stack-s">
          {kinds.map((kind) => <CheckField key={kind} label={t.noticeKinds[kind]} value={mail.includes(kind)} disabled={!email} onChange={(on) => change(kind, on)} />)}
        </div>
      </>}</Show>
    </Card>
  );
}

export default function AccountPage(_: PageProps) {
  const me = useStore(session)!;
  return <>
    <PageHead title={desk.pages.account} about={<>{me.display || me.user}{me.display ? ` (${me.user})` : ''} · {t.about(roleName(me.role))}</>} />
    <div class="ac-columns">
      <div class="stack"><PasswordCard /><FactorCard /></div>
      <div class="stack"><NoticesCard /><SessionsCard />
        <Card>
          <Choices<Lang> label={t.languageTitle} value={lang} onChange={changeLang} choices={[{ value: 'fr', label: 'Français' }, { value: 'en', label: 'English' }]} />
        </Card>
        <Card title={t.tourTitle}><p>{t.tourText}</p><div class="actions"><Button icon="play" onClick={replayTour}>{t.tourAgain}</Button></div></Card>
      </div>
    </div>
  </>;
}

// The way in: password, then the telephone's code; the city's account; a new password by a link; and
// the way back in when a session has ended.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, at, del, get, post } from '../../lib/api.ts';
import { useLoad } from '../../lib/load.ts';
import { getPlace } from '../../lib/router.ts';
import { session, takeSession, type Session } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, Waiting } from '../../ui/feedback.tsx';
import { TextField } from '../../ui/field.tsx';
import { SecondFactorSetup } from '../account/second_factor.tsx';
import { t } from './texts.ts';

type Answer = Session | { code_wanted: true };

const cityProblem = () => {
  const word = getPlace().query.get('login') ?? '';
  return t.cityProblems[word as keyof typeof t.cityProblems] ?? '';
};

function LoginForm({ user: known = '', onDone }: { user?: string; onDone: () => void }) {
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [step, setStep] = useState<'password' | 'code'>(getPlace().query.get('login') === 'code' ? 'code' : 'password');
  const [problem, setProblem] = useState(cityProblem);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const asksCode = step === 'code';
  useEffect(() => form.current!.querySelector<HTMLInputElement>(asksCode ? 'input' : known ? '[type=password]' : 'input')?.focus(), [step]);
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      const answer = await (asksCode ? post<Answer>('/session/code', { code }) : post<Answer>('/session', { user, password }));
      if ('code_wanted' in answer) {
        setPassword('');
        setStep('code');
      } else {
        takeSession(answer);
        // What the identity provider's way back said has been read.
        if (getPlace().query.has('login')) history.replaceState(null, '', location.pathname);
        onDone();
        return;
      }
    } catch (error) {
      const late = asksCode && error instanceof ApiError && error.status === 401;
      if (late) setStep('password');
      setCode('');
      setProblem(late ? t.codeLate : (error as Error).message);
      form.current!.querySelector<HTMLInputElement>('input:last-of-type')?.focus();
    }
    setBusy(false);
  };
  return (
    <form ref={form} onSubmit={send} class="stack">
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      {asksCode ? (
        <TextField key="code" label={t.code} help={t.codeHelp} value={code} onChange={setCode} required
          input={{ name: 'code', autoComplete: 'one-time-code', autoCapitalize: 'none', spellcheck: false }} />
      ) : <>
        <TextField label={t.user} value={user} onChange={setUser} required disabled={!!known} input={{ name: 'user', autoComplete: 'username', autoCapitalize: 'none', spellcheck: false }} />
        <TextField label={t.password} type="password" value={password} onChange={setPassword} required input={{ name: 'password', autoComplete: 'current-password' }} />
      </>}
      <Button type="submit" kind="primary" busy={busy}>{asksCode ? t.codeSend : t.send}</Button>
      {asksCode && <Button kind="quiet" onClick={() => setStep('password')}>{t.restart}</Button>}
    </form>
  );
}

function CityLogin() {
  const ways = useLoad(() => get<{ oidc: { label: string; url: string } | null }>('/login'), []);
  const city = ways.data?.oidc;
  return city ? (
    <div class="lg-city">
      <p class="lg-or"><span>{t.or}</span></p>
      <a class="button plain" href={city.url}>{t.city(city.label)}</a>
    </div>
  ) : null;
}

const Brand = () => <p class="lg-brand"><img src="/admin/favicon.svg" alt="" width="40" height="40" />Vitrine</p>;

export function LoginPage({ onDone }: { onDone: () => void }) {
  const wanted = session.get()?.second_factor_wanted;
  useEffect(() => { document.title = `${wanted ? t.wantedTitle : t.title} · Vitrine`; }, [wanted]);
  if (wanted) {
    return (
      <main class="alone-page lg-page lg-wide"><Brand /><h1>{t.wantedTitle}</h1><p>{t.wantedText}</p>
        <SecondFactorSetup onDone={onDone} />
        <p><Button kind="quiet" icon="logout" onClick={() => del('/session').finally(() => location.assign('/admin/'))}>{t.leave}</Button></p>
      </main>
    );
  }
  return (
    <main class="alone-page lg-page"><Brand /><div><h1>{t.title}</h1><p class="soft">{t.intro}</p></div>
      <div class="card"><LoginForm onDone={onDone} /><CityLogin /></div>
      <p class="help">{t.forgot}</p>
    </main>
  );
}

export const LoginDialog = ({ user, onDone }: { user: string; onDone: () => void }) => (
  <Dialog title={t.againTitle} onClose={() => {}} stubborn><p>{t.againText}</p><LoginForm user={user} onDone={onDone} /></Dialog>
);

// The link's token stands after the #: browsers keep it to themselves, no log on the way sees it.
export function ResetPage() {
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<{ words: string; field: 'password' | 'again' | '' }>({ words: '', field: '' });
  const [state, setState] = useState<'ask' | 'busy' | 'done'>('ask');
  const whose = useLoad(async () => {
    if (!token) throw new ApiError(404, t.resetNoLink);
    return get<{ user: string }>(at`/password-resets/${token}`);
  }, []);
  useEffect(() => { document.title = `${t.resetTitle} · Vitrine`; }, []);
  const send = async (event: Event) => {
    event.preventDefault();
    if (state === 'busy') return;
    if (password !== again) {
      setProblem({ words: t.resetDiffer, field: 'again' });
      return;
    }
    setState('busy');
    setProblem({ words: '', field: '' });
    try {
      await post(at`/password-resets/${token}`, { password });
      history.replaceState(null, '', location.pathname);
      setState('done');
    } catch (error) {
      setProblem({ words: (error as Error).message, field: (error as ApiError).field === 'password' ? 'password' : '' });
      setState('ask');
    }
  };
  const home = (label: string) => <a class="button primary" href="/admin/" onClick={(event) => {
    event.preventDefault();
    location.assign('/admin/');
  }}>{label}</a>;
  return (
    <main class="alone-page lg-page"><Brand /><h1>{t.resetTitle}</h1>
      {state === 'done' ? <><Notice tone="good"><p role="status">{t.resetDone}</p></Notice>{home(t.resetGo)}</>
        : whose.error ? <><Notice tone="bad"><p>{whose.error.message}</p></Notice>{home(t.resetHome)}</>
          : !whose.data ? <Waiting /> : (
            <form class="card" onSubmit={send}>
              <p>{t.resetWhose(whose.data.user)}</p>
              {problem.words && !problem.field && <Notice tone="bad"><p>{problem.words}</p></Notice>}
              <input type="hidden" name="user" autoComplete="username" value={whose.data.user} />
              <TextField label={t.resetTitle} type="password" value={password} onChange={setPassword} required help={t.resetHelp}
                error={problem.field === 'password' ? problem.words : ''} input={{ autoComplete: 'new-password' }} />
              <TextField label={t.resetAgain} type="password" value={again} onChange={setAgain} required
                error={problem.field === 'again' ? problem.words : ''} input={{ autoComplete: 'new-password' }} />
              <Button type="submit" kind="primary" busy={state === 'busy'}>{t.resetSend}</Button>
            </form>
          )}
    </main>
  );
}

// The way in: password, and the way back in when a session has ended.
import { useState } from 'preact/hooks';
import { ApiError, post } from '../../lib/api.ts';
import { takeSession, type Session } from '../../lib/session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/feedback.tsx';
import { TextField } from '../../ui/field.tsx';
import { t } from './texts.ts';

function LoginForm({ user: known = '', onDone }: { user?: string; onDone: () => void }) {
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      takeSession(await post<Session>('/session', { user, password }));
      onDone();
    } catch (error) {
      setProblem((error as ApiError).message);
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send} class="stack">
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      <TextField label={t.user} value={user} onChange={setUser} required input={{ name: 'user', autoComplete: 'username', autoCapitalize: 'none' }} />
      <TextField label={t.password} type="password" value={password} onChange={setPassword} required input={{ name: 'password', autoComplete: 'current-password' }} />
      <Button type="submit" kind="primary" busy={busy}>{t.send}</Button>
    </form>
  );
}

export const LoginPage = ({ onDone }: { onDone: () => void }) => (
  <main class="alone-page"><h1>{t.title}</h1><LoginForm onDone={onDone} /></main>
);

export const LoginDialog = ({ user, onDone }: { user: string; onDone: () => void }) => (
  <Dialog title={t.againTitle} onClose={() => {}} stubborn><p>{t.againText}</p><LoginForm user={user} onDone={onDone} /></Dialog>
);

export const ResetPage = () => <main class="alone-page"><h1>{t.title}</h1></main>;

// A telephone's codes beside the password: set up in three steps, recovery codes to keep.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, post } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/feedback.tsx';
import { TextField } from '../../ui/field.tsx';
import { t } from './texts.ts';

interface Secret {
  secret: string;
  uri: string;
  qr: string[]; // rows of 0 and 1
}

// The symbol with the quiet border that readers need.
function Symbol({ rows }: { rows: string[] }) {
  const size = rows.length + 8;
  const path = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + 4} ${y + 4}h${run[0].length}v1h-${run[0].length}z`)).join('');
  return (
    <svg class="ac-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t.qrLabel} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" />
    </svg>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <div class="card ac-codes">
      <h2 ref={head} tabIndex={-1}>{t.codesTitle}</h2>
      <p>{t.codesText}</p>
      <ul aria-label={t.codesTitle}>{codes.map((one) => <li key={one}><code>{one}</code></li>)}</ul>
      <div class="actions">
        <Button icon="download" onClick={() => print()}>{t.codesPrint}</Button>
        <Button kind="primary" onClick={onDone}>{t.codesKept}</Button>
      </div>
    </div>
  );
}

export function SecondFactorSetup({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [secret, setSecret] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => { if (secret) form.current?.querySelector('input')?.focus(); }, [secret]);
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  const send = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      if (secret) {
        setCodes((await post<{ recovery_codes: string[] }>('/session/second-factor/confirm', { code: code.replace(/\s/g, '') })).recovery_codes);
      } else {
        setSecret(await post<Secret>('/session/second-factor', { password }));
      }
    } catch (error) {
      setProblem((error as ApiError).message);
    }
    setBusy(false);
  };
  return (
    <form ref={form} class="card" onSubmit={send}>
      <h2>{secret ? t.factorScan : t.factorBegin}</h2>
      {secret ? <>
        <p>{t.factorApp}</p>
        <div class="ac-scan">
          <Symbol rows={secret.qr} />
          <div class="stack-s"><p>{t.factorByHand}</p><p><code class="ac-secret">{secret.secret.match(/.{1,4}/g)!.join(' ')}</code></p></div>
        </div>
        <TextField key="code" label={t.factorCode} help={t.factorCodeHelp} value={code} onChange={setCode} required error={problem}
          input={{ autoComplete: 'one-time-code', inputMode: 'numeric', name: 'code' }} />
      </> : <>
        <p>{t.factorWhy}</p>
        <TextField label={t.password} type="password" value={password} onChange={setPassword} required error={problem}
          input={{ autoComplete: 'current-password', name: 'password' }} />
      </>}
      <div class="actions">
        <Button type="submit" kind="primary" busy={busy}>{secret ? t.factorConfirm : t.next}</Button>
        {onCancel && <Button onClick={onCancel}>{t.cancel}</Button>}
      </div>
    </form>
  );
}

export function SecondFactorRemove({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await post('/session/second-factor/remove', { password });
      onDone();
    } catch (error) {
      setProblem((error as ApiError).message);
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={send}>
      <Notice tone="warn"><p>{t.factorOffText}</p></Notice>
      <TextField label={t.password} type="password" value={password} onChange={setPassword} required error={problem} input={{ autoComplete: 'current-password' }} />
      <div class="actions"><Button type="submit" kind="danger" busy={busy}>{t.factorOff}</Button><Button onClick={onCancel}>{t.cancel}</Button></div>
    </form>
  );
}

// Starts the desk: who is here, then the shell; without a session the way in.
import { render } from 'preact';
import { onSessionLost } from './lib/api.ts';
import { lang } from './lib/i18n.ts';
import { getPlace } from './lib/router.ts';
import { loadSession, session } from './lib/session.ts';
import { showOver } from './ui/dialog.tsx';
import { Trouble } from './ui/feedback.tsx';
import { Shell } from './app/shell.tsx';

const root = document.getElementById('desk')!;
document.documentElement.lang = lang;

async function start() {
  const entrance = () => import('./pages/login/index.tsx');
  if (getPlace().path[0] === 'reset') {
    const { ResetPage } = await entrance();
    render(<ResetPage />, root);
    return;
  }
  const now = await loadSession();
  if (!now || now.second_factor_wanted) {
    const { LoginPage } = await entrance();
    render(<LoginPage onDone={start} />, root);
    return;
  }
  let asking: Promise<void> | undefined;
  onSessionLost(() => {
    asking ??= (async () => {
      const { LoginDialog } = await entrance();
      await showOver<void>((done) => <LoginDialog user={session.get()!.user} onDone={() => done()} />);
    })().finally(() => { asking = undefined; });
    return asking;
  });
  render(<Shell />, root);
}

start().catch((error) => render(<main class="alone-page"><Trouble error={error} retry={() => location.reload()} /></main>, root));

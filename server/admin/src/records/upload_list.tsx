// Files under way, each with how far it is and what can be done about it.
import { bytes } from '../lib/i18n.ts';
import { dropUpload, mayRetry, pauseUpload, resumeUpload, type Upload } from '../lib/upload.ts';
import { Button, IconButton, Link } from '../ui/button.tsx';
import { Badge, Progress } from '../ui/feedback.tsx';
import { t } from './media_texts.ts';

function Line({ one }: { one: Upload }) {
  const share = one.size ? one.sent / one.size : 0;
  const over = one.state === 'done' || one.state === 'refused';
  return (
    <li class={`up-line ${one.state}`}>
      <div class="split">
        <p><strong>{one.name}</strong> <span class="soft">{bytes(one.size)}</span></p>
        <div class="actions">
          {one.state === 'done' && <Badge tone="good" icon="check">{one.known ? t.known : t.done}</Badge>}
          {one.state === 'done' && <Link to={`/media/${one.media!.sha256}`}>{t.open}</Link>}
          {(one.state === 'sending' || one.state === 'broken') && <Button small icon="pause" aria-label={t.pauseOf(one.name)} onClick={() => pauseUpload(one.key)}>{t.pause}</Button>}
          {one.state === 'paused' && <Button small icon="play" aria-label={t.resumeOf(one.name)} onClick={() => resumeUpload(one.key)}>{t.resume}</Button>}
          {mayRetry(one) && <Button small icon="refresh" aria-label={t.retryOf(one.name)} onClick={() => resumeUpload(one.key)}>{t.retry}</Button>}
          <IconButton icon="close" small label={over ? t.dismissOf(one.name) : t.cancelOf(one.name)} onClick={() => dropUpload(one.key)} />
        </div>
      </div>
      {one.state === 'preparing' ? <Progress value={one.progress} label={t.preparingOf(one.name)} />
        : !over && <Progress value={share} label={t.sendingOf(one.name)} />}
      {one.state === 'refused' ? <p class="error" role="alert">{t.refused(one.reason)}</p>
        : one.state !== 'done' && <p class="help">{t.states[one.state](bytes(one.sent), one.reason)}</p>}
    </li>
  );
}

export function UploadList({ list }: { list: Upload[] }) {
  if (!list.length) return null;
  return <>
    <ul class="up-list" aria-label={t.uploads}>{list.map((one) => <Line key={one.key} one={one} />)}</ul>
    <p class="unseen" role="status">{t.summary(list.filter((one) => one.state === 'done').length, list.length)}</p>
  </>;
}

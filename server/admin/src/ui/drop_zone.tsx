// A place to drop files on, which is also a button to choose them.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import { Icon } from './icon.tsx';
import { t } from './texts.ts';

export function DropZone({ accept, multiple, onFiles, help, label = multiple ? t.choose : t.choose1 }: {
  accept?: string; multiple?: boolean; onFiles: (files: File[]) => void; help?: ComponentChildren; label?: string;
}) {
  const [over, setOver] = useState(false);
  const id = useId();
  return (
    <div class={`drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }} onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length) onFiles(multiple ? files : files.slice(0, 1));
      }}>
      <Icon name="upload" size={28} />
      <p>{t.drop} {t.or}</p>
      <input id={id} class="unseen" type="file" accept={accept} multiple={multiple}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length) onFiles(files);
        }} />
      <label for={id} class="button plain">{label}</label>
      {help && <p class="help">{help}</p>}
    </div>
  );
}

// The slide as screens will show it, drawn by the same renderer while one types: one question at a
// time, always of the newest words, and a picture takes the place of the last one only when it is there.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, post } from '../../lib/api.ts';
import { formatDuration } from '../../lib/dates.ts';
import { lang } from '../../lib/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { fieldLabel } from '../../records/fields.tsx';
import type { Kind, Values } from './kinds.ts';
import { t } from './texts.ts';

interface Slide {
  size: string;
  image: string;
  width: number;
  height: number;
  duration_ms: number;
  excess: { field: string; characters: number }[];
  left_out: string[];
}

export interface TextUse {
  field: string;
  used: number;
  most: number | null;
  words?: number;
  words_most?: number;
}

interface Answer {
  slides: Slide[];
  texts: TextUse[];
  placeholders: string[];
  problems: { field: string; message: string }[];
}

const SIZES = ['16:9', '9:16'];
const WIDTH = 560;
const SETTLED_MS = 500; // then what fits is measured, which takes longer than a drawing

export interface Preview extends Answer {
  late: boolean;
  most: Record<string, TextUse>; // what fits, as last measured
}

async function arrive(answer: Answer) {
  await Promise.all(answer.slides.map(async ({ image }) => {
    const picture = new Image();
    picture.src = image;
    await picture.decode().catch(() => {});
  }));
}

export function usePreview(kind: Kind, document: Values, ready: boolean): Preview {
  const [seen, setSeen] = useState<Preview>({ slides: [], texts: [], placeholders: [], problems: [], most: {}, late: false });
  const wanted = useRef<{ document: Values; measure: boolean } | null>(null);
  const busy = useRef(false);
  const gone = useRef(false);
  const text = JSON.stringify(document);

  const turn = async () => {
    if (busy.current) return;
    busy.current = true;
    while (wanted.current && !gone.current) {
      const { document: now, measure } = wanted.current;
      wanted.current = null;
      try {
        const answer = await post<Answer>('/previews', { kind: kind.plural, document: now, sizes: SIZES, lang, width: WIDTH, measure });
        await arrive(answer);
        if (!gone.current) {
          setSeen((was) => {
            const most = { ...was.most };
            for (const one of answer.texts) if (one.most !== null || one.words_most) most[one.field] = { ...one, most: one.most ?? most[one.field]?.most ?? null };
            return { ...answer, most, late: false };
          });
        }
      } catch (problem) {
        const again = problem instanceof ApiError && (problem.status === 503 || problem.status === 0 || problem.status === 429);
        setSeen((was) => ({ ...was, late: again }));
        if (again) {
          await new Promise((over) => setTimeout(over, 1000));
          wanted.current ??= { document: now, measure };
        }
      }
    }
    busy.current = false;
  };

  useEffect(() => {
    if (!ready) return undefined;
    const ask = (measure: boolean) => {
      wanted.current = { document, measure };
      turn();
    };
    ask(false); // while an answer is awaited, the newest words wait for it
    const settled = setTimeout(ask, SETTLED_MS, true);
    return () => clearTimeout(settled);
  }, [text, ready]);
  useEffect(() => () => { gone.current = true; }, []);
  return seen;
}

// What is still empty is told as such, not as a mistake.
const isEmpty = (document: Values, field: string) =>
  !field.split('.').reduce<unknown>((value, name) => (value as Values | undefined)?.[name], document);

const names = (fields: string[]) => new Intl.ListFormat(lang, { type: 'conjunction' }).format(fields.map(fieldLabel));

function Slides({ slide, onEnlarge }: { slide: Slide; onEnlarge: () => void }) {
  const landscape = slide.size === '16:9', name = landscape ? t.landscape : t.portraitSize;
  const fits = slide.excess.length === 0;
  return (
    <figure class={`ct-slide ${landscape ? '' : 'upright'}`}>
      <button type="button" class="ct-picture" onClick={onEnlarge} aria-label={`${t.enlarge} : ${name}`}>
        <img src={slide.image} width={slide.width} height={slide.height} alt={t.previewOf(slide.size)} data-size={slide.size} />
      </button>
      <figcaption>
        <strong>{name}</strong>
        <span class="soft">{t.shown(formatDuration(slide.duration_ms))}</span>
        {fits ? <span class="ct-fits"><Icon name="check" size={16} />{t.fits}</span>
          : slide.excess.map(({ field, characters }) => <span key={field} class="error"><Icon name="alert" size={16} />{t.tooLong(fieldLabel(field), characters)}</span>)}
        {slide.left_out.length > 0 && <small>{t.leftOut(names(slide.left_out))}</small>}
      </figcaption>
    </figure>
  );
}

export function PreviewPane({ preview, kind, document }: { preview: Preview; kind: Kind; document: Values }) {
  const [large, setLarge] = useState<string | null>(null);
  const [full, setFull] = useState('');
  useEffect(() => {
    if (!large) return;
    setFull('');
    post<Answer>('/previews', { kind: kind.plural, document, sizes: [large], lang }).then((answer) => setFull(answer.slides[0]?.image ?? ''), () => setLarge(null));
  }, [large]);
  return (
    <aside class="ct-preview" aria-label={t.preview}>
      <h2 class="unseen">{t.preview}</h2>
      {preview.slides.length === 0 && <p class="ct-wait soft">{t.drawing}</p>}
      {preview.slides.map((slide) => <Slides key={slide.size} slide={slide} onEnlarge={() => setLarge(slide.size)} />)}
      <div class="ct-told">
        {preview.late && <p class="soft">{t.previewLate}</p>}
        {preview.problems.filter(({ field }) => !isEmpty(document, field)).map(({ field, message }) => <p key={field} class="error"><Icon name="alert" size={16} />{fieldLabel(field)} : {message}</p>)}
        {preview.placeholders.length > 0 && <p class="soft">{t.placeholders(names(preview.placeholders))}</p>}
      </div>
      {large && (
        <Dialog wide title={t.previewOf(large)} onClose={() => setLarge(null)} actions={<Button onClick={() => setLarge(null)}>{t.closeBulk}</Button>}>
          {full ? <img class={`ct-large ${large === '9:16' ? 'upright' : ''}`} src={full} alt={t.previewOf(large)} /> : <p class="soft">{t.drawing}</p>}
        </Dialog>
      )}
    </aside>
  );
}

import type { PageProps } from '../../app/pages.ts';
import { kinds, type Plural } from './kinds.ts';
import { ListPage } from './list.tsx';
import { CopyPage, RecordPage } from './record.tsx';

export default function ContentPage({ name, path, query }: PageProps) {
  const kind = kinds[name as Plural];
  const [id] = path;
  if (id === undefined) return <ListPage key={name} kind={kind} query={query} />;
  if (id !== 'new') return <RecordPage key={id} kind={kind} id={id} view={query.get('view') ?? ''} blank={{}} />;
  const from = query.get('from');
  return from ? <CopyPage key={from} kind={kind} from={from} /> : <RecordPage key="new" kind={kind} id={null} view="" blank={kind.blank()} />;
}

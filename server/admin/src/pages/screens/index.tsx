import type { PageProps } from '../../app/pages.ts';
import { EnrolPage } from './enrol.tsx';
import { ListPage } from './list.tsx';
import { NewScreenPage, ScreenPage } from './screen.tsx';

export default function ScreensPage({ path, query }: PageProps) {
  const [id] = path;
  if (!id) return <ListPage query={query} />;
  if (id === 'enrol') return <EnrolPage screen={query.get('screen') ?? ''} />;
  if (id === 'new') return <NewScreenPage />;
  return <ScreenPage key={id} id={id} tab={query.get('tab') ?? 'now'} />;
}

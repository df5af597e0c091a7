export const NoticeBell = () => null;

export const Tour = () => null;

import { useState } from 'preact/hooks';

// Preact's own useId begins anew in each tree: a dialog above the page (showOver) would have the ids
// of the page below it, and its labels would name the page's controls.
let last = 0;
export const useId = () => useState(() => `i${++last}`)[0];

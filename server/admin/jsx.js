// What JSX becomes in the bundle (build.mjs).
export { h, Fragment } from 'preact';

// First, so that the port is on its way while the rest of the script runs.
import { enginePort } from './connect.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import { z } from 'zod';
import { createClient } from '../rpc/client.ts';
import App from './App.svelte';
import { afterPicture, LaterViews } from './later-views.svelte.ts';
import { holdEarlyKeys } from './state/early-keys.ts';
import { applyTheme } from './state/theme.ts';
import { Workbench } from './state/workbench.svelte.ts';

// The content security policy has no 'unsafe-eval': zod must not compile its schemas.
z.config({ jitless: true });

const releaseKeys = holdEarlyKeys();

// Before the first paint, so that the window never flashes in the wrong colours.
applyTheme('system');

const target = document.querySelector('#app');
if (target === null) throw new Error('index.html has no element #app');
const workbench = new Workbench(createClient(enginePort));
const loading = workbench.load();
// The port and the first calls leave the page only when this task is over.
await new Promise((resolve) => setTimeout(resolve));
const later = new LaterViews();
mount(App, { target, props: { workbench, later } });
try {
  await loading;
  await afterPicture();
  await later.load();
} finally {
  releaseKeys();
}

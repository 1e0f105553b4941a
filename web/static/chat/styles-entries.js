// Rules of what stands in the conversation: messages, cards, quick replies, requests, the rating.

export const ENTRIES = `
.entries { display: flex; flex-direction: column; gap: 18px; }
.entries:empty { display: none; }

.welcome { display: flex; flex-direction: column; gap: 10px; padding: 12px 2px 4px; }
.welcome h3 { font-size: 1.33em; font-weight: 650; line-height: 1.25; letter-spacing: -.012em; }
.welcome p { color: var(--muted); max-inline-size: 40ch; }
.welcome .chips { margin-block-start: 8px; flex-direction: column; align-items: flex-start; }

.message { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; max-inline-size: min(88%, 36rem); animation: arrive .22s ease-out; }
@keyframes arrive { from { opacity: 0; transform: translateY(5px); } }
.meta { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 9px; font-size: .81em; line-height: 1.4; color: var(--muted); }
.meta time { font-variant-numeric: tabular-nums; }
.author { display: inline-flex; align-items: baseline; gap: 5px; font-weight: 600; color: var(--text); }
.author .icon { color: var(--accent); align-self: center; }
.agent .author { color: var(--accent); }
.bubble {
  max-inline-size: 100%; padding: 10px 14px; background: var(--surface); border: 1px solid var(--line);
  border-radius: 4px var(--radius) var(--radius) var(--radius);
}
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.whole { display: inline-block; max-inline-size: 100%; }
.text p + p { margin-block-start: .55em; }
.message.customer { align-self: flex-end; align-items: flex-end; }
.customer .bubble { background: var(--own); color: var(--own-text); border-color: transparent; border-radius: var(--radius) var(--radius) 4px var(--radius); }
.customer.pending .bubble { opacity: .78; }
.customer.failed .bubble { border-color: var(--bad); }
.customer.failed .delivery { color: var(--bad); }
.customer .meta { justify-content: flex-end; text-align: end; }
.agent .bubble { border-color: var(--accent); }
.message.system { align-self: center; align-items: center; text-align: center; max-inline-size: 92%; }
.system .bubble { background: none; border: 0; padding: 0; color: var(--muted); font-size: .92em; }
.provisional .bubble { border-style: dashed; }

.card {
  inline-size: 100%; min-inline-size: min(18rem, 100%); padding: 13px 16px 12px;
  background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius);
}
.card-title { margin-block-end: 7px; font-size: .92em; font-weight: 650; }
.card-title::first-letter { text-transform: uppercase; }
.card-note { margin-block-start: 9px; padding-block-start: 9px; border-block-start: 1px solid var(--line); font-size: .87em; color: var(--muted); }
.card.notice { background: var(--warn-soft); border-color: transparent; }
.rows { display: flex; flex-direction: column; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 18px; padding-block: 6px; border-block-start: 1px solid var(--line); font-size: .95em; }
.row:first-child { border-block-start: 0; }
.card.notice .row { border-color: color-mix(in srgb, var(--warn) 25%, transparent); }
.label { color: var(--muted); overflow-wrap: anywhere; }
.value { margin-inline-start: auto; font-weight: 600; text-align: end; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; unicode-bidi: isolate; }

.chips { display: flex; flex-wrap: wrap; gap: 8px; }
.chip, .option, .secondary {
  padding: 7px 14px; border: 1px solid var(--edge); border-radius: 999px; background: var(--surface); color: var(--accent);
  font-weight: 550; line-height: 1.4; text-align: start; transition: background .12s, border-color .12s;
}
.chip:hover, .option:not(:disabled):hover, .secondary:not(:disabled):hover { background: var(--accent-soft); border-color: var(--accent); }

.thinking { display: flex; align-items: center; gap: 10px; margin-block-start: 16px; font-size: .87em; color: var(--muted); }
.dots { display: inline-flex; gap: 4px; }
.dots i { inline-size: 6px; block-size: 6px; border-radius: 50%; background: var(--accent); animation: breathe 1.4s ease-in-out infinite; }
.dots i:nth-child(2) { animation-delay: .18s; }
.dots i:nth-child(3) { animation-delay: .36s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .25; } 35% { opacity: 1; } }

.request {
  inline-size: 100%; max-inline-size: 36rem; overflow: clip; padding-block-end: 16px; background: var(--raised); border: 1px solid color-mix(in srgb, var(--accent) 40%, var(--line));
  border-radius: var(--radius); box-shadow: var(--shadow); animation: arrive .22s ease-out;
}
.request > * { margin-inline: 16px; }
.request-head {
  display: flex; align-items: center; justify-content: space-between; gap: 10px; margin: 0 0 13px; padding: 9px 16px;
  background: var(--accent-soft);
}
.request-title { display: flex; align-items: center; gap: 8px; font-size: .87em; font-weight: 650; color: var(--accent); }
.timer { font-size: .81em; color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.timer.short { color: var(--warn); font-weight: 600; }
.request.done { box-shadow: none; background: none; border-color: var(--line); padding-block: 11px; }
.request.done .request-head { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); padding: 0; margin: 0; }
.request.done .prompt { color: var(--muted); font-size: .92em; }
.prompt { white-space: pre-wrap; overflow-wrap: anywhere; }
.body { display: flex; flex-direction: column; align-items: stretch; gap: 12px; margin-block-start: 12px; }
.body .rows { padding: 4px 14px; border: 1px solid var(--line); border-radius: calc(var(--radius) - 4px); background: var(--surface); }
.options { display: flex; flex-direction: column; gap: 8px; }
.option { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 14px; padding: 10px 14px; border-radius: calc(var(--radius) - 3px); color: var(--text); }
.option-title { font-weight: 600; overflow-wrap: anywhere; }
.option-detail { font-size: .9em; font-weight: 400; color: var(--muted); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.option.radio { flex-wrap: nowrap; justify-content: flex-start; align-items: flex-start; gap: 11px; cursor: pointer; }
.option.radio > span { display: flex; flex: 1; flex-wrap: wrap; justify-content: space-between; gap: 0 14px; }
.option.radio input { margin: 3px 0 0; accent-color: var(--accent); inline-size: 17px; block-size: 17px; flex: none; }
.option:has(:checked) { border-color: var(--accent); background: var(--accent-soft); box-shadow: inset 0 0 0 1px var(--accent); }
.primary { padding: 9px 18px; border: 1px solid transparent; border-radius: 10px; background: var(--accent); color: var(--accent-text); font-weight: 600; }
.primary:not(:disabled):hover { filter: brightness(1.08); }
.secondary { padding: 9px 18px; border-radius: 10px; text-align: center; }
.primary:disabled, .secondary:disabled, .option:disabled { background: var(--canvas); color: var(--muted); border-color: var(--line); }
.decide { display: flex; flex-wrap: wrap; gap: 10px; }
.decide > * { flex: 1 1 9rem; }

.secret label { font-size: .9em; font-weight: 600; margin-block-end: -6px; }
.secret-line { display: flex; flex-wrap: wrap; gap: 10px; }
.secret-field { position: relative; flex: 100 1 11rem; display: flex; }
.secret-line .primary { flex: 1 0 auto; }
.secret-input { inline-size: 100%; padding: 9px 46px 9px 13px; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); outline-offset: 0; }
.secret-input.code { font-size: 1.15em; letter-spacing: .22em; font-variant-numeric: tabular-nums; padding-block: 7px; }
.reveal { position: absolute; inset-block: 3px; inset-inline-end: 3px; inline-size: 38px; display: grid; place-items: center; border: 0; border-radius: 8px; background: none; color: var(--muted); }
.reveal[aria-pressed="true"] { color: var(--accent); background: var(--accent-soft); }
.note { font-size: .84em; color: var(--muted); }
.fingerprint { font-size: .84em; color: var(--muted); }
.fingerprint summary { inline-size: fit-content; cursor: pointer; border-radius: 4px; }
.fingerprint p { margin-block-start: 5px; }
.fingerprint code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 1.02em; color: var(--text); white-space: nowrap; }
.problem { margin-block-start: 10px; color: var(--bad); font-size: .9em; }
.outcome:empty, .problem:empty { display: none; }
.outcome { display: flex; align-items: flex-start; gap: 7px; margin-block-start: 3px; font-weight: 600; }
.outcome .icon { color: var(--muted); margin-block-start: .18em; }
.outcome.check .icon { color: var(--good); }
.outcome span { overflow-wrap: anywhere; }

.rating { display: flex; flex-direction: column; gap: 14px; padding-block-start: 16px; border-color: var(--line); }
.rating .body { margin-block: 0; }
.rating .request-title { color: var(--text); font-size: 1em; }
.stars { display: flex; gap: 2px; margin-inline-start: -7px; }
.star { padding: 5px 7px; border-radius: 8px; font-size: 25px; line-height: 0; color: var(--edge); cursor: pointer; }
.star.lit { color: var(--accent); }
.star.lit .icon { fill: currentColor; }
.star:focus-within { outline: 2px solid var(--accent); }
.comment { padding: 9px 12px; border: 1px solid var(--edge); border-radius: 10px; background: var(--surface); resize: vertical; }
.comment::placeholder { color: var(--muted); opacity: 1; }
`;

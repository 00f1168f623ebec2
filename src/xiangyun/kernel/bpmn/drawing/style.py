"""The few rules a drawing carries, so that it is right also when it stands alone.

A site colours it by the custom properties `--x-ink`, `--x-soft` (muted words), `--x-line`,
`--x-paper`, `--x-fill`, `--x-accent`, `--x-accent-fill`, `--x-bad`, `--x-bad-fill`, `--x-font`.
"""

STYLE = """
.x-process{--ink:var(--x-ink,#1b2a33);--soft:var(--x-soft,#5b6b75);--line:var(--x-line,#8496a1);
--paper:var(--x-paper,#fff);--fill:var(--x-fill,#f5f8f9);--accent:var(--x-accent,#0b6b74);
--accent-fill:var(--x-accent-fill,#e2f2f2);--bad:var(--x-bad,#b3261e);
--bad-fill:var(--x-bad-fill,#fdeceb);
font-family:var(--x-font,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif);
font-size:14px;max-width:100%;height:auto}
@media (prefers-color-scheme:dark){.x-process{--ink:var(--x-ink,#e4ecf0);
--soft:var(--x-soft,#9fb0ba);--line:var(--x-line,#6d808b);--paper:var(--x-paper,#12191d);--fill:var(--x-fill,#1b252b);
--accent:var(--x-accent,#5cc3cb);--accent-fill:var(--x-accent-fill,#10383c);
--bad:var(--x-bad,#ff8a80);--bad-fill:var(--x-bad-fill,#3d1b19)}}
.x-process text{fill:var(--ink);text-anchor:middle}
.x-process .x-shape{fill:var(--paper);stroke:var(--line);stroke-width:1.5}
.x-process .x-call>.x-shape,.x-process .x-end>.x-shape{stroke-width:3.5}
.x-process .x-beside{stroke-dasharray:5 3}
.x-process .x-event-scope>.x-shape{stroke-dasharray:2 4;stroke-linecap:round}
.x-process .x-scope>.x-shape{fill:var(--fill)}
.x-process .x-pool>.x-shape{fill:none}
.x-process .x-sign{fill:none;stroke:var(--soft);stroke-width:1.3;stroke-linejoin:round;
stroke-linecap:round}
.x-process .x-heavy{stroke-width:2.2}
.x-process .x-solid{fill:var(--soft)}
.x-process .x-inverse{stroke:var(--paper)}
.x-process .x-flow{fill:none;stroke:var(--line);stroke-width:1.5;stroke-linejoin:round}
.x-process .x-arrow{fill:var(--line);stroke:var(--line);stroke-width:1;stroke-linejoin:round}
.x-process .x-open{fill:var(--paper)}
.x-process .x-link{stroke-dasharray:1.5 4;stroke-linecap:round}
.x-process .x-label{font-size:12.5px;fill:var(--soft);stroke:var(--paper);stroke-width:4px;
paint-order:stroke;stroke-linejoin:round}
.x-process .x-note{font-size:12.5px;fill:var(--soft);text-anchor:start}
.x-process .x-taken .x-flow{stroke:var(--ink);stroke-width:2}
.x-process .x-taken .x-arrow{fill:var(--ink);stroke:var(--ink)}
.x-process .x-done>.x-shape{stroke:var(--ink);fill:var(--fill)}
.x-process .x-done>.x-sign{stroke:var(--ink)}
.x-process .x-ahead>.x-shape{stroke-dasharray:4 4;stroke-width:1.5}
.x-process .x-ahead>text{fill:var(--soft)}
.x-process .x-here>.x-shape{stroke:var(--accent);stroke-width:3.5;fill:var(--accent-fill)}
.x-process .x-here>text{font-weight:700}
.x-process .x-here>.x-sign{stroke:var(--accent)}
.x-process .x-failed>.x-shape{stroke:var(--bad);stroke-width:3;fill:var(--bad-fill);
stroke-dasharray:9 3}
.x-process .x-failed>text{font-weight:700}
.x-process .x-badge{fill:var(--ink);stroke:var(--paper);stroke-width:2}
.x-process .x-failed>.x-badge{fill:var(--bad)}
.x-process .x-badge-sign{fill:none;stroke:var(--paper);stroke-width:2;stroke-linecap:round;
stroke-linejoin:round}
.x-process .x-pointer{fill:var(--accent);stroke:none}
.x-process .x-now{font-size:12px;font-weight:700;fill:var(--paper)}
"""

/** The review's looks: light, dark and on A4 paper. Pairs of ink and ground keep to a contrast of 4.5:1 (WCAG 2.2 AA). */
export const styleSheet = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f5f6f8;--ink:#1b1f24;--muted:#555e69;--line:#d5dae0;--accent:#0f5fbf;
--critical:#a4123f;--high:#c2410c;--medium:#a16207;--low:#2563a8;--info:#667080;--good:#14703a;--warning:#8a5300;--bad:#a4123f;--tag:#fff}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1d2228;--ink:#e8ebef;--muted:#a5afba;--line:#353d46;--accent:#7ab5ff;
--critical:#ff7b9c;--high:#ff9a62;--medium:#e6bc4a;--low:#7fb6f5;--info:#a5afba;--good:#63d391;--warning:#f0b44c;--bad:#ff7b9c;--tag:#14171b}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:2rem 1.5rem 4rem;background:var(--ground);color:var(--ink);font:16px/1.5 "Segoe UI",system-ui,-apple-system,Roboto,"Helvetica Neue",Arial,sans-serif}
h1{margin:0 0 .3rem;font-size:2rem;line-height:1.2}
h2{margin:0 0 .5rem;font-size:1.35rem;line-height:1.3}
h3{margin:0 0 .6rem;font-size:1.02rem;line-height:1.4;overflow-wrap:anywhere}
p{margin:0 0 .8rem;max-width:56rem;overflow-wrap:anywhere}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem}
.kicker{margin:0;color:var(--muted);font-size:.85rem;letter-spacing:.02em}
.facts{color:var(--muted)}
nav{margin:1.6rem 0 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:.9rem 0}
nav ol{margin:0;padding:0 0 0 1.4rem;columns:18rem 3;column-gap:2rem}
nav li{padding:.1rem 0;break-inside:avoid}
.mark{margin-left:.5rem;font-size:.75rem}
section{padding-top:2.2rem}
.lead{font-size:1.05rem}.lead.warning,.lead.bad{border-left:4px solid var(--warning);padding-left:.8rem}.lead.bad{border-color:var(--bad)}.lead.good{border-left:4px solid var(--good);padding-left:.8rem}
.note.warning{border-left:4px solid var(--warning);padding:.1rem 0 .1rem .8rem}
.note.good,.state.good{color:var(--good)}.state.warning,.mark.warning{color:var(--warning)}.state.bad,.mark.bad{color:var(--bad)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem;margin:1.2rem 0}
.figures div{background:var(--panel);border-radius:6px;padding:.7rem .9rem;border-top:3px solid var(--line)}
.figures .good{border-color:var(--good)}.figures .warning{border-color:var(--warning)}.figures .bad{border-color:var(--bad)}
.figures dt{color:var(--muted);font-size:.85rem}.figures dd{margin:0;font-size:1.5rem;font-weight:600;line-height:1.3}
.figures small{display:block;font-size:.85rem;font-weight:400}
small{display:block;color:var(--muted);font-size:.82rem;line-height:1.4;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 0 1.2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.5rem 0}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{text-align:left;vertical-align:top;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
.any{overflow-wrap:anywhere;min-width:9rem}
thead th{color:var(--muted);font-weight:600;font-size:.82rem;overflow-wrap:normal;vertical-align:bottom}
tbody th{font-weight:500;min-width:9rem}
.state,.tag,.when{white-space:nowrap}
.end{text-align:right;font-variant-numeric:tabular-nums;min-width:3rem}
.tag{display:inline-block;border-radius:3px;padding:0 .45rem;font-size:.78rem;font-weight:600;line-height:1.5;background:var(--info);color:var(--tag)}
.tag.critical{background:var(--critical)}.tag.high{background:var(--high)}.tag.medium{background:var(--medium)}.tag.low{background:var(--low)}
code,pre{font:.84rem/1.5 ui-monospace,"Cascadia Mono",Consolas,Menlo,monospace}
td code{overflow-wrap:anywhere}
pre{margin:0;padding:.6rem .8rem;background:var(--ground);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere}
details{margin:0 0 1.2rem;border:1px solid var(--line);border-radius:6px;padding:0 .9rem}
summary{cursor:pointer;padding:.6rem 0;font-weight:600}
.count,.more{color:var(--muted);font-weight:400;font-size:.85rem}
figure{margin:.4rem 0 1.2rem;overflow-x:auto}
.chart{display:block;width:100%;min-width:34rem;height:auto}
.entries{list-style:none;margin:0;padding:0;display:grid;gap:.9rem}
.entries li{background:var(--panel);border-radius:6px;padding:.9rem 1.1rem;break-inside:avoid}
.entries dl{display:grid;grid-template-columns:9.5rem 1fr;gap:.15rem 1rem;margin:0 0 .7rem;font-size:.9rem}
.entries dt{color:var(--muted)}.entries dd{margin:0;overflow-wrap:anywhere}
.step{margin:0 0 .5rem;font-size:.92rem}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem;color:var(--muted);font-size:.85rem}
@media (max-width:40rem){body{padding:1.2rem 1rem 3rem}.entries dl{grid-template-columns:1fr}.entries dt{margin-top:.3rem}}
@media print{
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#555}}
:root{color-scheme:light;--ground:#fff;--panel:#f5f6f8;--ink:#1b1f24;--muted:#555e69;--line:#d5dae0;--accent:#0f5fbf;--critical:#a4123f;--high:#c2410c;--medium:#a16207;--low:#2563a8;--info:#667080;--good:#14703a;--warning:#8a5300;--bad:#a4123f;--tag:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:11.5px}
body{max-width:none;padding:0;font-size:10pt}
.skip{display:none}
h1{font-size:20pt}h2{font-size:14pt;break-after:avoid}h3{font-size:10.5pt;break-after:avoid}
section{padding-top:9mm}
.lead{break-after:avoid;font-size:10.5pt}
.scroll,figure{overflow:visible}
table{font-size:8.5pt}.any{min-width:0}tbody th,tbody th.any{min-width:24mm;overflow-wrap:anywhere}th,td{padding-right:2.5mm}thead{display:table-header-group}tr{break-inside:avoid}
caption{break-after:avoid}
.chart{min-width:0;break-inside:avoid}
.figures{grid-template-columns:repeat(5,1fr)}.figures dd{font-size:14pt}
details{border:0;padding:0}
summary{list-style:none}
details:not(.long)::details-content{content-visibility:visible;display:block;height:auto}
details.long:not([open]) summary::after{content:" (folded on paper: open it before printing, or see the CSV)";font-weight:400;color:var(--muted)}
pre,.entries dl,.step{font-size:8.5pt}
}`;

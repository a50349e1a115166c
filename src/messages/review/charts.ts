import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent, LegendComponent, type GridComponentOption, type LegendComponentOption } from 'echarts/components';
import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartOfReview } from './document.ts';

use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

type Option = ComposeOption<BarSeriesOption | GridComponentOption | LegendComponentOption>;

const width = 860;

/**
 * A chart as SVG without script. Its colours are variables of the page, so that it follows light and dark; its texts are ours (severities, days, ids of
 * causes), never a tenant's.
 */
export function chartSvg(chart: ChartOfReview): string {
  const height = chart.kind === 'bars' ? 40 + chart.bars.length * 30 : 260;
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    drawing.setOption(chart.kind === 'bars' ? bars(chart) : openBySeverity(chart));
    return tidy(drawing.renderToSVGString());
  } finally {
    drawing.dispose();
  }
}

const ink = 'var(--muted)';
const line = 'var(--line)';
const fontFamily = 'inherit';
const axisLabel = { color: ink, fontFamily, fontSize: 12 };

function openBySeverity({ days, series }: ChartOfReview & { kind: 'open-by-severity' }): Option {
  return {
    animation: false,
    textStyle: { fontFamily },
    color: series.map(({ severity }) => `var(--${severity})`),
    legend: {
      top: 0,
      left: 0,
      itemWidth: 12,
      itemHeight: 12,
      itemGap: 18,
      icon: 'roundRect',
      itemStyle: { borderWidth: 0 },
      textStyle: { color: ink, fontFamily },
    },
    grid: { left: 44, right: 8, top: 36, bottom: 26 },
    xAxis: {
      type: 'category',
      data: days.map((day) => String(Number(day.slice(8)))),
      axisLabel,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
    },
    yAxis: { type: 'value', minInterval: 1, axisLabel, splitLine: { lineStyle: { color: line } } },
    series: series.map(({ severity, values }) => ({
      name: severity,
      type: 'bar',
      stack: 'open',
      barCategoryGap: '22%',
      data: [...values],
    })),
  };
}

function bars({ bars: all }: ChartOfReview & { kind: 'bars' }): Option {
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 190, right: 40, top: 6, bottom: 26 },
    xAxis: { type: 'value', minInterval: 1, axisLabel, splitLine: { lineStyle: { color: line } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: all.map(({ label }) => label),
      axisLabel,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 18,
        label: { show: true, position: 'right', color: ink, fontFamily },
        data: all.map(({ value, colour }) => ({ value, itemStyle: { color: `var(--${colour})` } })),
      },
    ],
  };
}

/**
 * Fixed width and height would keep it from shrinking on a phone; what the library leaves for its own client script is of no use here. `fill="var(…)"`
 * works as an attribute too, since browsers parse presentation attributes as CSS.
 */
const tidy = (svg: string): string =>
  svg
    .replace(/<svg width="\d+" height="\d+"/, '<svg class="chart" aria-hidden="true" focusable="false"')
    .replace(/ (?:ecmeta_[a-z_]+|baseProfile|xmlns:xlink|on[a-z]+|pointer-events)="[^"]*"/g, '')
    .replace(/<script[\s\S]*?<\/script>/gi, '')
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-cls-\d+"/g, '')
    .replace(/(\d+\.\d)\d+/g, '$1');

import { glyphHeight, glyphWidth, isInk } from './bitmap-font.ts'
import { encodePng } from './encode-png.ts'

export type Bar = { label: string; value: number; text: string }

type Color = readonly [number, number, number]
const paper: Color = [250, 248, 244]
const ink: Color = [29, 27, 24]
const quiet: Color = [98, 92, 82]
const track: Color = [232, 226, 214]
const fill: Color = [15, 118, 110]

const width = 960
const rowHeight = 40
const top = 84
const left = 240
const right = 230

/** Horizontal bars with their labels and values, the first bar on top, as a PNG. No bars: the title and a sentence. */
export function drawChart(title: string, subtitle: string, bars: readonly Bar[]): Uint8Array {
  const height = top + Math.max(bars.length, 1) * rowHeight + 24
  const pixels = new Uint8Array(width * height * 3)
  const rectangle = (x: number, y: number, w: number, h: number, color: Color): void => {
    for (let row = y; row < y + h; row += 1) for (let column = x; column < x + w; column += 1) pixels.set(color, (row * width + column) * 3)
  }
  const write = (text: string, x: number, y: number, scale: number, color: Color): void => {
    const room = Math.floor((width - x) / (glyphWidth * scale))
    for (const [place, character] of Array.from(text).slice(0, room).entries()) {
      for (let column = 0; column < glyphWidth; column += 1) {
        for (let row = 0; row < glyphHeight; row += 1) {
          if (isInk(character, column, row)) rectangle(x + (place * glyphWidth + column) * scale, y + row * scale, scale, scale, color)
        }
      }
    }
  }
  rectangle(0, 0, width, height, paper)
  write(title, 24, 20, 3, ink)
  write(subtitle, 24, 54, 2, quiet)
  if (bars.length === 0) write('nothing to draw: the folder holds no files', 24, top + 8, 2, quiet)
  const most = Math.max(...bars.map((bar) => bar.value), 1)
  for (const [place, bar] of bars.entries()) {
    const y = top + place * rowHeight
    write(bar.label, 24, y + 10, 2, ink)
    rectangle(left, y + 4, width - left - right, 26, track)
    rectangle(left, y + 4, Math.max(2, Math.round(((width - left - right) * bar.value) / most)), 26, fill)
    write(bar.text, width - right + 12, y + 10, 2, ink)
  }
  return encodePng(width, height, pixels)
}

import { expect, test } from 'vitest'
import { openTerminal } from './terminal.ts'

function openScreen(isTTY: boolean) {
  let shown = ''
  const stream = { isTTY, columns: 80, write: (text: string) => (shown += text) !== '' }
  return { ...openTerminal(stream, stream), shown: () => shown }
}

test('a progress line is erased before other lines and before the next one', () => {
  const screen = openScreen(true)
  screen.progress('1 of 2')
  screen.progress('1 of 2')
  screen.progress('2 of 2')
  screen.print('done')
  screen.printError('well')
  expect(screen.shown()).toBe('1 of 2\r\u001B[2K2 of 2\r\u001B[2Kdone\nwell\n')
  expect(screen.columns).toBe(80)
})

test('without a terminal there is no progress line', () => {
  const screen = openScreen(false)
  screen.progress('1 of 2')
  screen.print('done')
  expect(screen.shown()).toBe('done\n')
  expect(screen.columns).toBeUndefined()
})

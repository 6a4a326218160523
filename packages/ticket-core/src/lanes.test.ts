import { expect, test } from 'vitest'
import { destinationFor, laneOf, LANES, nameResources, PRIORITIES, TICKET_LANES } from './index.ts'

test('each priority has a lane of its own, and each lane a destination of its own', () => {
  expect(PRIORITIES.map(laneOf)).toEqual(TICKET_LANES)
  expect(PRIORITIES.map(destinationFor)).toEqual(['archive', 'board', 'alert'])
})

test('the names of a prefix are those of the older system, and none is used twice', () => {
  const { bucket, lanes } = nameResources('acme')
  expect([bucket, ...LANES.map((lane) => lanes[lane].queue)]).toEqual([
    'acme-bucket',
    'acme-LP',
    'acme-MP',
    'acme-HP',
    'acme-EVQ',
    'acme-DLQ',
  ])
  expect(lanes.medium).toEqual({ queue: 'acme-MP', function: 'acme-MP', role: 'acme-MP-Role' })
  expect(lanes.events).toEqual({ queue: 'acme-EVQ', function: 'acme-EV', role: 'acme-EV-Role' })
})

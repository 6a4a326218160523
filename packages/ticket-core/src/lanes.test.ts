import { expect, test } from 'vitest'
import {
  DELIVERY_LANES,
  destinationFor,
  laneOf,
  laneOfPlace,
  LANES,
  nameResources,
  placeOfLane,
  PRIORITIES,
  TICKET_LANES,
} from './index.ts'

test('each priority has a lane of its own, and each lane a destination of its own', () => {
  expect(PRIORITIES.map(laneOf)).toEqual(TICKET_LANES)
  expect(PRIORITIES.map(destinationFor)).toEqual(['bucket', 'board', 'alert'])
})

test('each delivering lane has a place of its own, and the other way round', () => {
  expect(DELIVERY_LANES.map(placeOfLane)).toEqual(['bucket', 'board', 'alert', 'team'])
  expect(DELIVERY_LANES.map(placeOfLane).map(laneOfPlace)).toEqual(DELIVERY_LANES)
})

test('the names of a prefix are those of the older system, and none is used twice', () => {
  const { bucket, lanes } = nameResources('acme')
  expect([bucket, ...LANES.map((lane) => lanes[lane].queue)]).toEqual([
    'acme-bucket',
    'acme-LP',
    'acme-MP',
    'acme-HP',
    'acme-NQ',
    'acme-EVQ',
    'acme-DLQ',
  ])
  expect(lanes.medium).toEqual({ queue: 'acme-MP', function: 'acme-MP', role: 'acme-MP-Role' })
  expect(lanes.events).toEqual({ queue: 'acme-EVQ', function: 'acme-EV', role: 'acme-EV-Role' })
})

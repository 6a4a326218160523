import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSlackSimulator } from '../slack/create-slack-simulator.ts'
import { createWorkflowsSimulator } from '../teams/create-workflows-simulator.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTrelloSimulator } from '../trello/create-trello-simulator.ts'
import { keepSimulatorState } from './keep-state.ts'
import { createSimulatorFetch } from './simulator-fetch.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulators-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Like a new process that uses the folder. */
function startKept() {
  const clock = createVirtualClock(START)
  const slack = createSlackSimulator({ clock })
  const trello = createTrelloSimulator({ clock })
  const workflows = createWorkflowsSimulator({ clock })
  const simulators = [slack, trello, workflows]
  const stop = keepSimulatorState(folder, simulators)
  const fetch = createSimulatorFetch(simulators)
  const post = (url: string, body: unknown, authorization = '') =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    })
  const oauth = `OAuth oauth_consumer_key="${trello.key}", oauth_token="${trello.token}"`
  const createCard = (name: string) =>
    post('https://api.trello.com/1/cards', { idList: trello.lists[0]?.id, name }, oauth)
  return { slack, trello, workflows, stop, post, createCard }
}

test('cards, messages and flow runs survive a crash', async () => {
  const before = startKept()
  await before.createCard('kept')
  await before.post(before.slack.webhookUrl, { text: 'kept' })
  await before.post(before.workflows.webhookUrl, { text: 'kept' })
  const after = startKept()
  expect(after.trello.cards).toEqual(before.trello.cards)
  expect(after.trello.boardId).toBe(before.trello.boardId)
  expect(after.slack.messages).toEqual(before.slack.messages)
  expect(after.workflows.runs).toEqual(before.workflows.runs)
})

test('leaves one whole file for each simulator, without credentials', async () => {
  const { slack, trello } = startKept()
  expect(readdirSync(folder).toSorted()).toEqual(['slack.json', 'trello.json', 'workflows.json'])
  for (const saved of [slack.save(), trello.save()]) {
    expect(saved).not.toContain('simulated-trello')
    expect(saved).not.toContain('/services/')
  }
})

test('a damaged file is named, with what to do', () => {
  writeFileSync(join(folder, 'trello.json'), '{"cards": 7}')
  expect(startKept).toThrow(
    `Cannot read the trello simulator's state in ${join(folder, 'trello.json')}. Delete that file`,
  )
})

test('does not save changes after it was stopped', async () => {
  const before = startKept()
  before.stop()
  await before.createCard('not kept')
  expect(startKept().trello.cards).toEqual([])
})

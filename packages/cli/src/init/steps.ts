import type { Group } from './keys.ts'

/** What a person does at a vendor before the questions of a group: one thing a line. */
export interface Steps {
  readonly title: string
  /** The guide in docs/guides that says it at length. */
  readonly guide: string
  readonly lines: readonly string[]
  /** The question that leads in where the whole group may be left out. */
  readonly optional?: string
}

/** Says what to click, with what must be pasted there. */
export function stepsOf(group: Group, address: string | undefined): Steps {
  switch (group) {
    case 'aws':
      return {
        title: 'AWS',
        guide: 'aws.md',
        lines: ['The bucket is named after the prefix, and names of buckets are worldwide: take one that no one has.'],
      }
    case 'trello':
      return {
        title: 'Trello: where medium tickets go',
        guide: 'trello.md',
        lines: [
          'Open https://trello.com/power-ups/admin and create a Power-Up in the workspace of the board; its iframe URL stays empty.',
          'In its page "API key": generate a key, and copy it.',
          'Open https://trello.com/1/authorize?expiration=never&scope=read,write&response_type=token&name=tickets&key=KEY with that key in place of KEY, as the person in whose name cards are written. Allow it, and copy the token.',
          'Open the board, and copy its address.',
        ],
      }
    case 'slack':
      return {
        title: 'Slack: where high tickets go',
        guide: 'slack.md',
        lines: [
          'Open https://api.slack.com/apps, and create an app from scratch in your workspace.',
          'In it: Incoming Webhooks, switch it on, Add New Webhook, choose the channel, Allow.',
          'Copy the webhook URL. It is a secret: who has it can write to the channel.',
        ],
      }
    case 'teams':
      return {
        title: 'Microsoft Teams: where people write',
        guide: 'teams.md',
        lines: [
          'In Teams, beside the name of the team: …, Manage team, Apps, Create an outgoing webhook (below, on the right).',
          'Name: what people will mention, such as tickets.',
          `Callback URL: ${address ?? 'the address of the server'}`,
          'Create. Teams shows a security token, once: copy it before you close the window.',
        ],
      }
    case 'news':
      return {
        title: 'Microsoft Teams: news of tickets',
        guide: 'teams.md#news-of-tickets',
        optional: 'Shall the team hear when a ticket changes? It needs a flow in Workflows.',
        lines: [
          'Open https://make.powerautomate.com, Create, Instant cloud flow, trigger "When a Teams webhook request is received".',
          'Who can trigger the flow: Anyone. Add the action "Post card in a chat or channel", choose team and channel, Adaptive Card: the body of the trigger.',
          'Save. Open the trigger again, and copy its HTTP URL, whole. It is a secret.',
        ],
      }
    case 'callbacks':
      return {
        title: 'What people do in Trello and Slack comes back',
        guide: 'trello.md#what-people-do-on-the-board-comes-back',
        optional: 'Shall a moved card and a button in Slack change the ticket?',
        lines: [
          'Trello: the page "API key" of your Power-Up shows a secret below the key. It is neither the key nor the token.',
          'Slack: Basic Information of your app shows the signing secret.',
        ],
      }
  }
}

import { answerFields, answerItem } from './answer-fields.ts'
import { isObjectId } from './object-id.ts'
import { numberOfToken, type Tokens } from './tokens.ts'
import type { TrelloCallbacks } from './send-callbacks.ts'
import { answerJson, answerRefusal, invalidValue, refusals, type Refusal } from './trello-answer.ts'
import type { Answer, TrelloDependencies, TrelloRequest } from './trello-request.ts'
import type { Webhook } from './trello-state.ts'
import { toWebhookJson } from './webhook-json.ts'

/** Trello's operations on a token and its webhooks. There is none that lists all webhooks of an application. */
interface WebhookAnswers {
  readonly getToken: Answer
  readonly createWebhook: Answer
  readonly listWebhooks: Answer
  readonly getWebhook: Answer
  readonly updateWebhook: Answer
  readonly deleteWebhook: Answer
}

export interface WebhookDependencies extends TrelloDependencies {
  readonly callbacks: Pick<TrelloCallbacks, 'check'>
  readonly mayWrite: Tokens['mayWrite']
}

const MAX_DESCRIPTION = 16_384

type Fields = Pick<Webhook, 'idModel' | 'callbackURL' | 'description' | 'active'>

export function createWebhookAnswers({
  store,
  now,
  changed,
  callbacks,
  mayWrite,
}: WebhookDependencies): WebhookAnswers {
  const isKnown = (model: string): boolean => {
    const { boards, lists, cards } = store.state
    return [...boards, ...lists, ...cards].some(({ id }) => id === model)
  }
  const checkFields = ({ idModel, callbackURL, description }: Fields): Refusal | undefined => {
    if (!isObjectId(idModel)) return invalidValue('idModel')
    if (!isKnown(idModel)) return refusals.noModel
    if (!/^https?:\/\//i.test(callbackURL) || !URL.canParse(callbackURL)) return invalidValue('callbackURL')
    return description.length > MAX_DESCRIPTION ? invalidValue('description') : undefined
  }
  const findTwin = (fields: Fields, token: number): Webhook | undefined =>
    store.state.webhooks.find(
      ({ idModel, callbackURL, token: owner }) =>
        idModel === fields.idModel && callbackURL === fields.callbackURL && owner === token,
    )
  /** The refusal, or nothing when the address answers HEAD with 200. */
  const checkAddress = async (url: string): Promise<Response | undefined> => {
    const outcome = await callbacks.check(url)
    if (outcome === 200) return undefined
    return answerJson({ message: `URL (${url}) did not return 200 status code, got ${outcome}`, error: 'ERROR' }, 400)
  }
  /** Webhooks belong to a token: the one of the request. */
  const ownWebhook = ({ id, part, token }: TrelloRequest): Webhook | Response => {
    if (part !== '' && numberOfToken(id) !== token) return answerRefusal(refusals.invalidToken)
    const wanted = part === '' ? id : part
    const webhook = store.state.webhooks.find((each) => each.id === wanted && each.token === token)
    if (webhook) return webhook
    return answerRefusal(isObjectId(wanted) ? refusals.notFound : invalidValue('idWebhook'))
  }
  return {
    // https://developer.atlassian.com/cloud/trello/rest/api-group-tokens/#api-tokens-token-get
    getToken: ({ id, query, token, actor }) => {
      if (numberOfToken(id) !== token) return answerRefusal(refusals.invalidToken)
      const models = { Board: '*', Organization: '*', Enterprise: '*', Member: actor.member.id }
      const permissions = Object.entries(models).map(([modelType, idModel]) => ({
        idModel,
        modelType,
        read: true,
        write: mayWrite(id),
      }))
      return answerItem({ identifier: 'ticketing', idMember: actor.member.id, dateExpires: null, permissions }, query)
    },
    createWebhook: async ({ id, parameters, token }) => {
      if (id !== '' && numberOfToken(id) !== token) return answerRefusal(refusals.invalidToken)
      const fields = readFields(parameters, { idModel: '', callbackURL: '', description: '', active: true })
      const refused = checkFields(fields)
      if (refused) return answerRefusal(refused)
      if (findTwin(fields, token)) return answerRefusal(refusals.webhookIsThere)
      const unreachable = await checkAddress(fields.callbackURL)
      if (unreachable) return unreachable
      // Another request may have made it during the check.
      if (findTwin(fields, token)) return answerRefusal(refusals.webhookIsThere)
      const webhook = store.addWebhook({ ...fields, token }, now())
      changed()
      return answerJson(toWebhookJson(webhook))
    },
    listWebhooks: ({ id, query, token }) => {
      if (numberOfToken(id) !== token) return answerRefusal(refusals.invalidToken)
      const own = store.state.webhooks.filter((webhook) => webhook.token === token)
      return answerFields(own.map(toWebhookJson), query)
    },
    getWebhook: (request) => {
      const webhook = ownWebhook(request)
      return webhook instanceof Response ? webhook : answerItem(toWebhookJson(webhook), request.query)
    },
    updateWebhook: async (request) => {
      const before = ownWebhook(request)
      if (before instanceof Response) return before
      const fields = readFields(request.parameters, before)
      const refused = checkFields(fields)
      if (refused) return answerRefusal(refused)
      const unreachable = fields.callbackURL === before.callbackURL ? undefined : await checkAddress(fields.callbackURL)
      if (unreachable) return unreachable
      const webhook = { ...before, ...fields }
      store.keepWebhook(webhook)
      changed()
      return answerJson(toWebhookJson(webhook))
    },
    deleteWebhook: (request) => {
      const webhook = ownWebhook(request)
      if (webhook instanceof Response) return webhook
      store.removeWebhooks(({ id }) => id === webhook.id)
      changed()
      return answerJson({ _value: null })
    },
  }
}

function readFields(parameters: TrelloRequest['parameters'], before: Fields): Fields {
  const text = (name: 'idModel' | 'callbackURL' | 'description'): string => {
    const value = parameters[name]
    return typeof value === 'string' ? value : before[name]
  }
  const active = parameters['active'] ?? before.active
  return {
    idModel: text('idModel'),
    callbackURL: text('callbackURL'),
    description: text('description'),
    active: active === true || active === 'true',
  }
}

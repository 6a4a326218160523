/** What the server counts, for the HELP lines of `/metrics`. */
export const METRIC_HELP: Readonly<Record<string, string>> = {
  ticketing_accepted_total: 'Tickets confirmed by SQS, by priority.',
  ticketing_repeated_total: 'Posts of an activity whose ticket was accepted before, by priority.',
  ticketing_refused_total: 'Requests and tickets that were not accepted, by code.',
  ticketing_status_answers_total: 'Answers to "status T-...", by kind.',
  ticketing_defects_total: 'Bugs: requests answered with 500.',
  ticketing_answer_seconds: 'Time from the head of a POST to its answer, by status.',
  ticketing_sqs_call_seconds: 'Time of SendMessageBatch calls, by destination.',
  ticketing_sqs_entries_total: 'Entries of SendMessageBatch calls, by destination and outcome.',
}

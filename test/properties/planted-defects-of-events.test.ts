import { catchEach } from './catch-defects.ts'
import { DEFECTS_OF_EVENTS } from './defects-of-events.ts'
import { DEFECTS_OF_NEWS } from './defects-of-news.ts'
import { DEFECTS_OF_SERVERS } from './defects-of-servers.ts'

catchEach([...DEFECTS_OF_EVENTS, ...DEFECTS_OF_NEWS, ...DEFECTS_OF_SERVERS])

/**
 * The clinic that the sandbox plays: its pools, its people, its patients.
 * One description, from which the FHIR server and the Slack workspace are both filled.
 */

const SNOMED = 'http://snomed.info/sct';

/** Where the clinic is: the zone of its clock. */
export const ZONE = 'America/New_York';

/** The Slack workspace of the clinic, and the Practitioner.identifier system that its user ids live under. */
export const WORKSPACE = {
  id: 'T0CLINIC',
  name: 'Riverside Clinic',
  domain: 'riverside-clinic',
  identifierSystem: 'urn:switchboard:chat:slack:T0CLINIC',
} as const;

export interface ClinicPool {
  readonly id: string;
  readonly name: string;
  readonly system: string;
  readonly code: string;
  readonly channel: { readonly id: string; readonly name: string };
}

export const POOLS: readonly ClinicPool[] = [
  pool('registered-nurse', 'Registered nurse', '224535009', 'C0NURSES', 'registered-nurses'),
  pool('cardiology', 'Cardiologist', '17561000', 'C0CARDIO', 'cardiology'),
  pool('pharmacy', 'Pharmacist', '46255001', 'C0PHARMACY', 'pharmacy'),
  pool('dietetics', 'Dietitian', '159033005', 'C0DIET', 'dietetics'),
];

/** Why somebody in the workspace may not be able to claim; absent for the ordinary case. */
export type Obstacle = 'not-linked' | 'inactive-practitioner' | 'ended-role' | 'no-role';

export interface ClinicPerson {
  readonly slackId: string;
  readonly given: string;
  readonly family: string;
  readonly email: string;
  /** Ids of the pools that the person's PractitionerRoles belong to. */
  readonly pools: readonly string[];
  /** How Switchboard can find the Practitioner: by the Slack id on it, or by e-mail only. */
  readonly linkedBy: 'identifier' | 'email';
  readonly obstacle?: Obstacle;
  /** Has no ProjectMembership, as somebody has who never logs in to Medplum: nothing can be written on their behalf. */
  readonly outsider?: true;
  /** Shown first in lists; the others are the roster that makes a crowd possible. */
  readonly featured: boolean;
}

export const PEOPLE: readonly ClinicPerson[] = [
  person('U0ANA', 'Ana', 'Silva', ['registered-nurse']),
  person('U0BEN', 'Ben', 'Carter', ['cardiology'], { outsider: true }),
  person('U0CHIDI', 'Chidi', 'Okafor', ['registered-nurse']),
  person('U0MEI', 'Mei', 'Tanaka', ['pharmacy']),
  person('U0ZEYNEP', 'Zeynep', 'Yılmaz', ['dietetics']),
  person('U0NOA', 'נועה', 'לוי', ['registered-nurse'], { email: 'noa.levi@riverside.example' }),
  person('U0GRACE', 'Grace', 'Osei', ['registered-nurse', 'cardiology']),
  person('U0OMAR', 'Omar', 'Haddad', ['cardiology'], { linkedBy: 'email' }),
  person('U0SAM', 'Sam', 'Reed', [], { obstacle: 'not-linked' }),
  person('U0PAT', 'Pat', 'Doyle', ['registered-nurse'], { obstacle: 'ended-role' }),
  person('U0LENA', 'Lena', 'Fischer', ['registered-nurse'], { obstacle: 'inactive-practitioner' }),
  person('U0IVY', 'Ivy', 'Novak', [], { obstacle: 'no-role' }),
  ...roster(52),
];

export interface ClinicPatient {
  readonly key: string;
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly gender: 'female' | 'male' | 'other' | 'unknown';
}

export const PATIENTS: readonly ClinicPatient[] = [
  { key: 'homer', given: 'Homer', family: 'Simpson', birthDate: '1956-05-12', gender: 'male' },
  { key: 'rosa', given: 'Rosa', family: 'Delgado', birthDate: '1984-03-02', gender: 'female' },
  { key: 'amir', given: 'أمير', family: 'حداد', birthDate: '1971-11-23', gender: 'male' },
  { key: 'june', given: 'June', family: 'Whitfield-Park', birthDate: '1949-07-30', gender: 'female' },
  { key: 'tove', given: 'Tove', family: 'Lindqvist', birthDate: '2001-01-15', gender: 'female' },
];

/** Somebody who writes for a patient. */
export interface ClinicRelative {
  readonly key: string;
  /** Key of the patient. */
  readonly patient: string;
  readonly given: string;
  readonly family: string;
  /** Of http://terminology.hl7.org/CodeSystem/v3-RoleCode, as seen from the patient. */
  readonly relationship: { readonly code: string; readonly display: string };
}

export const RELATIVES: readonly ClinicRelative[] = [
  {
    key: 'ines',
    patient: 'june',
    given: 'Ines',
    family: 'Whitfield-Park',
    relationship: { code: 'DAUC', display: 'daughter' },
  },
];

/**
 * Whose calendar is in the record. It is open all day and every day, so that what the demo shows does not depend on the
 * hour: only busy Slots take time away.
 */
export const CALENDAR = {
  slackId: 'U0MEI',
  timezone: ZONE,
  service: { key: 'call-back', code: 'call-back', name: 'Call back' },
  minutes: 15,
} as const;

/** Believable first messages, for the page's "a patient writes" and for a message without a text. */
export const SAMPLE_MESSAGES: readonly {
  readonly pool: string;
  readonly text: string;
  readonly priority: string;
}[] = [
  {
    pool: 'registered-nurse',
    priority: 'routine',
    text: 'My blood pressure was 152 over 95 this morning. Should I take the second tablet?',
  },
  {
    pool: 'registered-nurse',
    priority: 'urgent',
    text: 'The stitches on my knee are red and warm since yesterday, and it hurts to bend it.',
  },
  {
    pool: 'cardiology',
    priority: 'asap',
    text: 'I feel my heart skipping since the dose went up. It happened three times last night.',
  },
  {
    pool: 'pharmacy',
    priority: 'routine',
    text: 'The pharmacy says my refill needs an approval. I have two tablets left.',
  },
  {
    pool: 'dietetics',
    priority: 'routine',
    text: 'Can I have the low-sodium meal plan we talked about, in Spanish if possible?',
  },
];

function pool(id: string, name: string, code: string, channelId: string, channelName: string): ClinicPool {
  return { id, name, system: SNOMED, code, channel: { id: channelId, name: channelName } };
}

function person(
  slackId: string,
  given: string,
  family: string,
  pools: readonly string[],
  more: Partial<ClinicPerson> = {},
): ClinicPerson {
  const email = `${given}.${family}@riverside.example`.toLowerCase();
  return { slackId, given, family, email, pools, linkedBy: 'identifier', featured: true, ...more };
}

/** Registered nurses enough for a crowd: fifty people must be able to press one button at once. */
function roster(size: number): ClinicPerson[] {
  const given = [
    'Alma',
    'Bo',
    'Cleo',
    'Dora',
    'Eli',
    'Faye',
    'Gus',
    'Hana',
    'Ian',
    'Jada',
    'Kofi',
    'Lior',
    'Mona',
  ];
  const family = ['Abbott', 'Brandt', 'Castro', 'Dube'];
  return Array.from({ length: size }, (_, i) => {
    const name = given[i % given.length] ?? 'Nia';
    const surname = family[Math.floor(i / given.length) % family.length] ?? 'Evans';
    const id = `U0R${String(i + 1).padStart(3, '0')}`;
    return person(id, name, surname, ['registered-nurse'], { featured: false });
  });
}

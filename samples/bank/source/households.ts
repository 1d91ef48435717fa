import { everydayHabits, payment, type Household, type TransferBetweenCustomers } from "./household.ts";

const EACH_QUARTER = [1, 4, 7, 10] as const;
const PAYDAY = "last working day";
const EACH_MONTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

const anna: Household = {
  customerId: "C1001",
  fixed: [
    payment(PAYDAY, [298_040, "salary", "Brightwave Software GmbH | Salary"]),
    payment(PAYDAY, [149_000, "salary", "Brightwave Software GmbH | Christmas bonus"], { months: [11] }),
    payment(1, [-94_500, "rent", "Lindenhof Property Management | Rent flat 12"]),
    payment(3, [-6_800, "utilities", "Nordlicht Energy | Electricity"]),
    payment(5, [-3_999, "utilities", "Klarfunk | Internet and mobile"]),
    payment(15, [-490, "insurance", "Harbour Liability Cover | Premium"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Quarter"], { months: EACH_QUARTER }),
    payment(8, [-1_299, "subscriptions", "Streamly | Monthly plan"]),
    payment(10, [-2_990, "leisure", "Sportclub Nord | Membership"]),
    payment(2, [-4_900, "transport", "CityTram | Season ticket"]),
    payment(20, [-3_900, "insurance", "Harbour Travel Cover | Yearly premium"], { months: [3] }),
    payment(13, [-25_000, "savings", "Harbour Balanced Fund | Saving plan"]),
    payment(24, [-164_900, "shopping", "Elektro Ahoi | Laptop"], { months: [2] }),
    payment(17, [-87_500, "education", "Harbour City Evening School | Course in Spanish"], { months: [9] }),
  ],
  habits: [
    ...everydayHabits({ groceries: 2.3, restaurants: 1.3, transport: 0.3, shopping: 0.5, health: 0.2, leisure: 0.5 }),
    { account: "Everyday", category: "travel", perWeek: 0.7, months: [5, 8, 9] },
    { account: "Everyday", category: "cash", perWeek: 0.3 },
  ],
  monthlySaving: { day: 2, amount: 35_000 },
  keepAtMonthEnd: 420_000,
};

const marek: Household = {
  customerId: "C1002",
  fixed: [
    payment(PAYDAY, [312_460, "salary", "Hafen Logistics AG | Salary"]),
    payment(7, [25_900, "benefits", "Family Benefits Office | Child benefit"]),
    payment(1, [-118_000, "rent", "Parkside Housing | Rent house 7"]),
    payment(3, [-11_400, "utilities", "Nordlicht Energy | Electricity and heating"]),
    payment(5, [-4_499, "utilities", "Klarfunk | Internet and mobile"]),
    payment(4, [-18_600, "childcare", "Little Anchors Nursery | Fee"]),
    payment(15, [-690, "insurance", "Harbour Liability Cover | Family premium"]),
    payment(16, [-1_180, "insurance", "Harbour Home Cover | Premium"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Quarter"], { months: EACH_QUARTER }),
    payment(20, [-14_800, "tax", "Tax Office Hafenstadt | Vehicle tax"], { months: [5] }),
    payment(18, [-42_350, "insurance", "Deichland Motor Insurance | Yearly premium"], { months: [1] }),
    payment(23, [-118_040, "transport", "Garage Deich | Repair and inspection"], { months: [3] }),
    payment(28, [-236_000, "travel", "Island Holidays | Two weeks for four"], { months: [4] }),
    payment(21, [-89_900, "shopping", "Möbel Strand | Bunk bed"], { months: [9] }),
    payment(9, [-1_799, "subscriptions", "Streamly | Family plan"]),
    payment(11, [-2_200, "leisure", "Football Club Kai | Children's team"]),
  ],
  habits: [
    ...everydayHabits({ groceries: 3, restaurants: 0.5, transport: 0.7, shopping: 0.5, health: 0.3, leisure: 0.4 }),
    { account: "Everyday", category: "travel", perWeek: 0.8, months: [7, 8] },
    { account: "Everyday", category: "cash", perWeek: 0.3 },
  ],
  monthlySaving: { day: 3, amount: 12_000 },
  keepAtMonthEnd: 400_000,
};

const thea: Household = {
  customerId: "C1003",
  fixed: [
    payment(PAYDAY, [62_000, "benefits", "Student Grants Office | Grant"]),
    payment(5, [42_000, "salary", "Café Leuchtturm | Wages"], { high: 56_000 }),
    payment(1, [15_000, "income", "Felix Kranz | Living costs"]),
    payment(1, [-38_500, "rent", "Studierendenwerk Hafenstadt | Room 4.17"]),
    payment(6, [-1_499, "utilities", "Klarfunk | Mobile"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Share of the flat"], { months: [1, 7] }),
    payment(15, [-34_210, "education", "University of Hafenstadt | Semester fee"], { months: [2, 8] }),
    payment(9, [-599, "subscriptions", "Tonspur Music | Student plan"]),
    payment(17, [-390, "insurance", "Harbour Phone Cover | Premium"]),
  ],
  habits: [
    ...everydayHabits({
      groceries: 1.7,
      restaurants: 0.8,
      transport: 0.4,
      shopping: 0.2,
      leisure: 0.4,
      education: 0.6,
    }),
    { account: "Everyday", category: "travel", perWeek: 0.4, months: [9] },
    { account: "Everyday", category: "cash", perWeek: 0.15 },
  ],
  monthlySaving: { day: 6, amount: 4_000 },
  keepAtMonthEnd: 120_000,
};

const ruth: Household = {
  customerId: "C1004",
  fixed: [
    payment(PAYDAY, [164_080, "pension", "State Pension Fund | Pension"]),
    payment(1, [41_250, "pension", "Reederei Hansen Pensions | Company pension"]),
    payment(3, [-68_900, "rent", "Altstadt Housing Cooperative | Flat 3"]),
    payment(4, [-5_700, "utilities", "Nordlicht Energy | Electricity"]),
    payment(6, [-2_999, "utilities", "Klarfunk | Telephone"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Quarter"], { months: EACH_QUARTER }),
    payment(15, [-490, "insurance", "Harbour Liability Cover | Premium"]),
    payment(8, [-2_690, "subscriptions", "Hafenstadt Daily | Newspaper"]),
    payment(22, [-289_000, "shopping", "Möbel Strand | New kitchen, part payment"], { months: [10] }),
    payment(25, [-128_600, "travel", "River Cruises Elbe | Cabin"], { months: [5] }),
    payment(14, [-1_500, "leisure", "Gardening Club Elbufer | Contribution"], { months: [3, 9] }),
    payment(16, [-12_000, "leisure", "Sea Rescue Volunteers | Donation"], { months: [12] }),
  ],
  habits: [
    ...everydayHabits({ groceries: 2.4, restaurants: 0.5, transport: 0.4, shopping: 0.4, health: 0.7, leisure: 0.4 }),
    { account: "Everyday", category: "travel", perWeek: 0.6, months: [6, 9] },
    { account: "Everyday", category: "cash", perWeek: 0.6 },
  ],
  monthlySaving: { day: 4, amount: 15_000 },
  keepAtMonthEnd: 380_000,
};

const emre: Household = {
  customerId: "C1005",
  fixed: [
    payment(PAYDAY, [364_310, "salary", "Meridian Engineering | Salary"]),
    payment(PAYDAY, [182_000, "salary", "Meridian Engineering | Christmas bonus"], { months: [11] }),
    payment(1, [-112_000, "rent", "Quartier West Rentals | Rent 5 OG"]),
    payment(3, [-7_900, "utilities", "Nordlicht Energy | Electricity"]),
    payment(5, [-4_999, "utilities", "Klarfunk | Internet and mobile"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Quarter"], { months: EACH_QUARTER }),
    payment(8, [-1_299, "subscriptions", "Streamly | Monthly plan"]),
    payment(9, [-1_099, "subscriptions", "Tonspur Music | Monthly plan"]),
    payment(15, [-490, "insurance", "Harbour Liability Cover | Premium"]),
    payment(10, [-30_000, "savings", "Harbour World Index Fund | Saving plan"]),
    payment(13, [-10_000, "pension", "Harbour Pension Growth | Contribution"]),
    payment(24, [-289_900, "shopping", "Velo Repair Kai | Racing bicycle"], { months: [3] }),
    payment(23, [-214_000, "travel", "Airline Möwe | Flights to Lisbon and hotel"], { months: [7] }),
    payment(18, [-3_500, "leisure", "Cycling Friends | Contribution"], { months: [4] }),
  ],
  habits: [
    ...everydayHabits({ groceries: 1.8, restaurants: 1.4, transport: 0.4, shopping: 0.5, health: 0.2, leisure: 0.6 }),
    { account: "Everyday", category: "travel", perWeek: 0.8, months: [4, 8] },
    { account: "Everyday", category: "cash", perWeek: 0.3 },
  ],
  monthlySaving: { day: 2, amount: 25_000 },
  keepAtMonthEnd: 480_000,
};

const jana: Household = {
  customerId: "C1006",
  fixed: [
    payment(PAYDAY, [224_770, "salary", "City Hospital Hafenstadt | Salary"]),
    payment(7, [51_800, "benefits", "Family Benefits Office | Child benefit"]),
    payment(2, [65_000, "income", "Petr Novak | Household share"]),
    payment(1, [-101_000, "rent", "Sunny Side Housing | Rent"]),
    payment(3, [-9_600, "utilities", "Nordlicht Energy | Electricity and heating"]),
    payment(5, [-3_999, "utilities", "Klarfunk | Internet and mobile"]),
    payment(12, [-5_836, "utilities", "Broadcasting Levy | Quarter"], { months: EACH_QUARTER }),
    payment(4, [-9_400, "education", "Harbour City Music School | Two pupils"]),
    payment(6, [-12_600, "childcare", "After-School Club Kai | Fee and lunch"]),
    payment(15, [-690, "insurance", "Harbour Liability Cover | Family premium"]),
    payment(9, [-1_799, "subscriptions", "Streamly | Family plan"]),
    payment(10, [-15_000, "savings", "Harbour World Index Fund | Saving plan"]),
    payment(20, [-74_900, "shopping", "Elektro Ahoi | Washing machine"], { months: [1] }),
    payment(24, [-198_500, "travel", "Guest House Alpenrose | Family holiday"], { months: [6] }),
  ],
  habits: [
    ...everydayHabits({ groceries: 2.7, restaurants: 0.4, transport: 0.5, shopping: 0.4, health: 0.4, leisure: 0.5 }),
    { account: "Everyday", category: "travel", perWeek: 0.6, months: [7, 8] },
    { account: "Everyday", category: "cash", perWeek: 0.2 },
  ],
  monthlySaving: { day: 8, amount: 10_000 },
  keepAtMonthEnd: 360_000,
};

const yara: Household = {
  customerId: "C1007",
  fixed: [
    payment(1, [45_000, "income", "Nadia Haddad | Living costs"]),
    payment(5, [46_000, "salary", "Bookshop Kogge | Wages"], { high: 58_000 }),
    payment(3, [-36_200, "rent", "Studierendenwerk Hafenstadt | Room 2.05"]),
    payment(6, [-1_499, "utilities", "Klarfunk | Mobile"]),
    payment(15, [-34_210, "education", "University of Hafenstadt | Semester fee"], { months: [2, 8] }),
    payment(9, [-599, "subscriptions", "Tonspur Music | Student plan"]),
    payment(20, [15_000, "benefits", "Hafenstadt Scholarship Fund | Book grant"], { months: [1, 4, 10] }),
  ],
  habits: [
    ...everydayHabits({
      groceries: 1.9,
      restaurants: 0.7,
      transport: 0.4,
      shopping: 0.1,
      leisure: 0.4,
      education: 0.9,
    }),
    { account: "Everyday", category: "cash", perWeek: 0.2 },
  ],
  monthlySaving: { day: 6, amount: 2_500 },
  keepAtMonthEnd: 100_000,
};

const vera: Household = {
  customerId: "C1008",
  fixed: [
    payment(8, [185_000, "income", "Reederei Hansen | Invoice"], { account: "Business", high: 342_000 }),
    payment(16, [98_000, "income", "Harbour City Theatre | Invoice"], { account: "Business", high: 215_000 }),
    payment(24, [64_000, "income", "Grünkern Organic | Invoice"], { account: "Business", high: 189_000 }),
    payment(2, [-64_000, "rent", "Speicherstadt Offices | Office rent"], { account: "Business" }),
    payment(5, [-4_999, "utilities", "Klarfunk | Internet and mobile"], { account: "Business" }),
    payment(7, [-6_630, "subscriptions", "Pixelwerk Cloud | Design software"], { account: "Business" }),
    payment(11, [-24_900, "supplies", "Fontwerk Typefaces | Licences"], { account: "Business", months: EACH_QUARTER }),
    payment(19, [-18_400, "supplies", "Print Works Nord | Proofs"], { account: "Business", high: -46_000 }),
    payment(10, [-96_000, "tax", "Tax Office Hafenstadt | Value added tax"], {
      account: "Business",
      months: EACH_QUARTER,
    }),
    payment(14, [-71_500, "tax", "Tax Office Hafenstadt | Income tax"], { account: "Business", months: [3, 6, 9, 12] }),
    payment(20, [-468_000, "supplies", "Elektro Ahoi Business | Workstation"], { account: "Business", months: [5] }),
    payment(22, [-17_850, "supplies", "Kessler Tax Advisers | Bookkeeping"], { account: "Business" }),
    payment(1, [-89_000, "rent", "Seeblick Housing | Rent"]),
    payment(3, [-7_200, "utilities", "Nordlicht Energy | Electricity"]),
    payment(12, [-46_800, "insurance", "Elbkasse Health | Contribution"]),
    payment(15, [-490, "insurance", "Harbour Liability Cover | Premium"]),
    payment(8, [-1_299, "subscriptions", "Streamly | Monthly plan"]),
  ],
  habits: [
    ...everydayHabits({ groceries: 1.5, restaurants: 0.6, transport: 0.2, shopping: 0.3, health: 0.2, leisure: 0.3 }),
    { account: "Business", category: "supplies", perWeek: 1.1 },
    { account: "Everyday", category: "travel", perWeek: 0.5, months: [7] },
  ],
  monthlySaving: { day: 28, amount: 15_000 },
  keepAtMonthEnd: 380_000,
};

/** The eight customers of `customers.json`. */
export const HOUSEHOLDS: readonly Household[] = [anna, marek, thea, ruth, emre, jana, yara, vera];

/** What they send to each other. */
export const TRANSFERS_BETWEEN_CUSTOMERS: readonly TransferBetweenCustomers[] = [
  { from: "C1002", to: "C1006", day: 9, months: EACH_MONTH, low: 4500, high: 4500, description: "Car pool" },
  {
    from: "C1004",
    to: "C1003",
    day: 5,
    months: EACH_MONTH,
    low: 5000,
    high: 5000,
    description: "Pocket money, love Oma",
  },
  {
    from: "C1002",
    to: "C1004",
    day: 18,
    months: [1, 2, 3, 4, 5, 6],
    low: 6000,
    high: 6000,
    description: "Bicycle loan",
  },
  {
    from: "C1001",
    to: "C1005",
    day: 14,
    months: [12, 2, 4, 6, 9, 11],
    low: 1850,
    high: 6400,
    description: "Dinner and concert",
  },
  {
    from: "C1005",
    to: "C1001",
    day: 21,
    months: [1, 3, 5, 7, 10],
    low: 1600,
    high: 5900,
    description: "Tickets, thanks",
  },
  { from: "C1003", to: "C1007", day: 22, months: EACH_MONTH, low: 900, high: 3100, description: "Shared groceries" },
  {
    from: "C1007",
    to: "C1003",
    day: 27,
    months: [1, 3, 4, 6, 7, 9, 10],
    low: 800,
    high: 2600,
    description: "Cinema and pizza",
  },
  { from: "C1001", to: "C1006", day: 11, months: [3, 10], low: 4000, high: 4000, description: "Birthday present" },
  { from: "C1005", to: "C1008", day: 25, months: [2, 6], low: 22000, high: 38000, description: "Logo design" },
  { from: "C1008", to: "C1001", day: 13, months: [5, 8], low: 18000, high: 26000, description: "Usability review" },
];

/** Vera pays herself this from the Business to the Everyday account, in cents. */
export const OWNER_DRAW = { customerId: "C1008", day: 26, amount: 245_000 } as const;

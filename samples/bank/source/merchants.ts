import type { TransactionCategory } from "../schema.ts";

/** A shop of the invented Harbour City, with what people spend there in cents. */
export interface Merchant {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

/** Kinds of everyday spending by card; the keys are booking categories. */
export type HabitCategory = Extract<
  TransactionCategory,
  | "groceries"
  | "restaurants"
  | "transport"
  | "shopping"
  | "health"
  | "leisure"
  | "travel"
  | "cash"
  | "supplies"
  | "education"
>;

const merchant = (name: string, low: number, high: number, weight = 1): Merchant => ({ name, low, high, weight });

/** Where the sample customers spend money. All names are invented. */
export const MERCHANTS: Readonly<Record<HabitCategory, readonly Merchant[]>> = {
  groceries: [
    merchant("Kaufhalle Nord", 840, 7200, 4),
    merchant("Marktplatz Foods", 1260, 9400, 3),
    merchant("Grünkern Organic", 690, 4800, 2),
    merchant("Bakery Sonnenschein", 280, 1450, 3),
    merchant("Fish Market Hafenstadt", 1180, 3900, 1),
    merchant("Drugstore Linde", 420, 3100, 2),
  ],
  restaurants: [
    merchant("Café Leuchtturm", 380, 1640, 4),
    merchant("Trattoria Molo", 1850, 6400, 2),
    merchant("Noodle Bar Kaito", 1120, 2980, 2),
    merchant("Canteen Speicher 5", 640, 1190, 3),
    merchant("Brewery Anker", 980, 4200, 1),
  ],
  transport: [
    merchant("CityTram Tickets", 290, 1140, 4),
    merchant("Nordbahn", 1490, 8900, 1),
    merchant("Velo Repair Kai", 1500, 8600, 0.4),
    merchant("Petrol Station Deich", 3200, 8300, 1.4),
    merchant("Harbour Taxi", 980, 3400, 0.6),
  ],
  shopping: [
    merchant("Modehaus Wiebke", 1990, 12900, 2),
    merchant("Elektro Ahoi", 1290, 24900, 1),
    merchant("Paketwelt Online", 890, 8900, 4),
    merchant("Bookshop Kogge", 790, 4200, 2),
    merchant("Möbel Strand", 2490, 19900, 0.7),
    merchant("Garden Centre Elbufer", 990, 6400, 1),
  ],
  health: [
    merchant("Pharmacy am Markt", 480, 3900, 4),
    merchant("Dental Practice Dr. Vogt", 4500, 18500, 0.6),
    merchant("Optician Klarsicht", 2900, 21900, 0.4),
    merchant("Physio Hafenstadt", 2400, 5600, 1),
  ],
  leisure: [
    merchant("Lichtspiel Cinema", 1050, 3200, 3),
    merchant("Harbour City Theatre", 2200, 7800, 1),
    merchant("Swimming Hall Nord", 520, 1460, 2),
    merchant("Boulder Dock", 1190, 2600, 1.5),
    merchant("Museum Pier 3", 800, 2800, 1),
  ],
  travel: [
    merchant("Hotel Seeblick", 12800, 46900, 1.4),
    merchant("Nordbahn Long Distance", 3900, 15900, 2),
    merchant("Island Ferry", 2400, 9600, 1),
    merchant("Airline Möwe", 8900, 38900, 1),
    merchant("Guest House Alpenrose", 9800, 32400, 1),
  ],
  cash: [
    merchant("Harbour Bank machine, Market Square", 2000, 15000, 3),
    merchant("Harbour Bank machine, Station", 2000, 10000, 2),
  ],
  supplies: [
    merchant("Papierhaus Kontor", 890, 8600, 3),
    merchant("Elektro Ahoi Business", 2490, 38900, 0.7),
    merchant("Courier Rapid", 680, 2890, 3),
    merchant("Nordbahn", 2900, 11900, 1.5),
    merchant("Canteen Speicher 5", 1460, 5800, 1.5),
  ],
  education: [
    merchant("Copy Shop Campus", 120, 1450, 3),
    merchant("University Bookstore", 1290, 5900, 1),
    merchant("Harbour City Evening School", 3900, 12900, 0.5),
  ],
};

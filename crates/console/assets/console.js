// Moments are told in UTC by the server; here, in the reader's own time zone.
import { localize } from "./moments.js";

localize(document);

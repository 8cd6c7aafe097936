//! The built-in functions that never give NULL for arguments that are not.
//!
//! That a function is strict says nothing about its result: `extract` gives
//! NULL for an infinite date, `substring` where nothing matches, and a user's
//! strict function whatever it likes. So only those that are named here are
//! trusted, by object number, which a built-in function has on every server.
//! Each is an operator's function or a conversion, written in C, that has no
//! way out but a value or an error; the tests ask every server for what each
//! number is, and call each of them with the extremes of its arguments' types.

/// Whether the function gives NULL for NULL alone. It is strict, too: where an
/// argument is NULL, so is the result.
pub(super) fn is_total(function: u32) -> bool {
    TOTAL.iter().any(|group| group.binary_search(&function).is_ok())
}

/// Each list is sorted.
pub(super) const TOTAL: [&[u32]; 9] = [
    // Truth values.
    &[56, 57, 60, 84, 1691, 1692],
    // Whole numbers: an overflow or a division by zero is an error.
    &[
        63, 64, 65, 66, 141, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 158, 159, 160, 161, 162,
        163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 176, 177, 178, 179, 180, 181, 182, 183, 212, 213, 462,
        463, 464, 465, 466, 467, 468, 469, 470, 471, 472, 474, 475, 476, 477, 478, 479, 837, 838, 839, 840, 841, 852,
        853, 854, 855, 856, 857, 942, 943, 945, 948, 1274, 1275, 1276, 1277, 1278, 1279, 1280, 1281, 1850, 1851, 1852,
        1853, 1854, 1855, 1856, 1857, 1858, 1859, 1860, 1861, 1910, 1911, 1912,
    ],
    // Floating-point numbers: NaN and infinity are values.
    &[
        202, 203, 204, 205, 206, 216, 217, 218, 219, 220, 279, 280, 281, 282, 283, 284, 285, 286, 287, 288, 289, 290,
        291, 292, 293, 294, 295, 296, 297, 298, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 1913, 1914,
    ],
    // numeric: so they are here.
    &[1707, 1718, 1719, 1720, 1721, 1722, 1723, 1724, 1725, 1726, 1727, 1729, 1771, 1915],
    // From one kind of number to another, and `numeric(p, s)`.
    &[
        235, 236, 237, 238, 311, 312, 313, 314, 316, 317, 318, 319, 480, 481, 482, 483, 652, 653, 714, 754, 1703, 1740,
        1742, 1743, 1744, 1745, 1746, 1779, 1781, 1782, 1783,
    ],
    // Texts compared, joined, trimmed, in the other case, measured, cut to `varchar(n)` and `char(n)`.
    &[
        67, 157, 401, 406, 668, 669, 740, 741, 742, 743, 870, 871, 884, 885, 1048, 1049, 1050, 1051, 1052, 1053, 1258,
        1317, 1381,
    ],
    // Dates and times compared; a date and whole days; a time's date.
    &[
        1086, 1087, 1088, 1089, 1090, 1091, 1140, 1141, 1142, 1152, 1153, 1154, 1155, 1156, 1157, 1178, 2052, 2053,
        2054, 2055, 2056, 2057, 2338, 2339, 2340, 2341, 2342, 2343, 2351, 2352, 2353, 2354, 2355, 2356, 2364, 2365,
        2366, 2367, 2368, 2369, 2377, 2378, 2379, 2380, 2381, 2382, 2520, 2521, 2522, 2523, 2524, 2525, 2527, 2528,
        2529, 2530, 2531, 2532,
    ],
    // Identifiers, enums and bytes compared.
    &[
        184, 185, 716, 717, 1638, 1639, 1948, 1949, 1950, 1951, 1952, 1953, 2954, 2955, 2956, 2957, 2958, 2959, 3508,
        3509, 3510, 3511, 3512, 3513,
    ],
    // The clock, and an identifier made up.
    &[1299, 2647, 2648, 2649, 3432],
];

/// Aggregates: count(*) and count(x), which are 0 where there is nothing to
/// count. Every other one is NULL for a group without values.
pub(super) const COUNTS: [u32; 2] = [2147, 2803];

/// Window functions without an argument: row_number, rank, dense_rank,
/// percent_rank and cume_dist, in this order.
pub(super) const RANKS: [u32; 5] = [3100, 3101, 3102, 3103, 3104];

/// The window function ntile(n), which is NULL where n is.
pub(super) const NTILE: u32 = 3105;

// Distances and directions on the WGS 84 ellipsoid for what is drawn while somebody drags a marker. The figures that
// count are computed by the server; these agree with them to a centimetre wherever two points are not antipodal.
const A_M = 6378137;
const F = 1 / 298.257223563;
const B_M = A_M * (1 - F);
const RAD = Math.PI / 180;
const MOST_ROUNDS = 200;

function reducedLatitude(latitude) {
  const u = Math.atan((1 - F) * Math.tan(latitude * RAD));
  return [Math.sin(u), Math.cos(u)];
}

function series(uSquared) {
  return [
    1 + (uSquared / 16384) * (4096 + uSquared * (-768 + uSquared * (320 - 175 * uSquared))),
    (uSquared / 1024) * (256 + uSquared * (-128 + uSquared * (74 - 47 * uSquared))),
  ];
}

function deltaSigma(b, sinSigma, cosSigma, cos2m) {
  const inner = cosSigma * (2 * cos2m ** 2 - 1) - (b / 6) * cos2m * (4 * sinSigma ** 2 - 3) * (4 * cos2m ** 2 - 3);
  return b * sinSigma * (cos2m + (b / 4) * inner);
}

// Positions are {latitude, longitude} in degrees. Returns {distance_m, azimuth_deg}; azimuth in [0, 360) at `from`,
// null where the two are one point; null altogether for nearly antipodal points (Vincenty does not converge there).
export function inverse(from, to) {
  const [sin1, cos1] = reducedLatitude(from.latitude);
  const [sin2, cos2] = reducedLatitude(to.latitude);
  const difference = (to.longitude - from.longitude) * RAD;
  let lambda = difference;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const sinLambda = Math.sin(lambda);
    const cosLambda = Math.cos(lambda);
    const east = cos2 * sinLambda;
    const north = cos1 * sin2 - sin1 * cos2 * cosLambda;
    const sinSigma = Math.hypot(east, north);
    if (sinSigma === 0) return { distance_m: 0, azimuth_deg: null };
    const cosSigma = sin1 * sin2 + cos1 * cos2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cos1 * cos2 * sinLambda) / sinSigma;
    const cosSquaredAlpha = 1 - sinAlpha ** 2;
    const cos2m = cosSquaredAlpha === 0 ? 0 : cosSigma - (2 * sin1 * sin2) / cosSquaredAlpha;
    const c = (F / 16) * cosSquaredAlpha * (4 + F * (4 - 3 * cosSquaredAlpha));
    const previous = lambda;
    lambda = difference + (1 - c) * F * sinAlpha
      * (sigma + c * sinSigma * (cos2m + c * cosSigma * (2 * cos2m ** 2 - 1)));
    if (Math.abs(lambda - previous) < 1e-12) {
      const [a, b] = series((cosSquaredAlpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2);
      const azimuth = Math.atan2(east, north) / RAD;
      return {
        distance_m: B_M * a * (sigma - deltaSigma(b, sinSigma, cosSigma, cos2m)),
        azimuth_deg: (azimuth + 360) % 360,
      };
    }
  }
  return null;
}

// The position `distance_m` away from `from` in direction `azimuth_deg`.
export function direct(from, azimuth_deg, distance_m) {
  const [sin1, cos1] = reducedLatitude(from.latitude);
  const sinAzimuth = Math.sin(azimuth_deg * RAD);
  const cosAzimuth = Math.cos(azimuth_deg * RAD);
  const sigma1 = Math.atan2(sin1 / cos1, cosAzimuth);
  const sinAlpha = cos1 * sinAzimuth;
  const cosSquaredAlpha = 1 - sinAlpha ** 2;
  const [a, b] = series((cosSquaredAlpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2);
  let sigma = distance_m / (B_M * a);
  let cos2m = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    cos2m = Math.cos(2 * sigma1 + sigma);
    const previous = sigma;
    sigma = distance_m / (B_M * a) + deltaSigma(b, Math.sin(sigma), Math.cos(sigma), cos2m);
    if (Math.abs(sigma - previous) < 1e-12) break;
  }
  const sinSigma = Math.sin(sigma);
  const cosSigma = Math.cos(sigma);
  const x = sin1 * sinSigma - cos1 * cosSigma * cosAzimuth;
  const latitude = Math.atan2(sin1 * cosSigma + cos1 * sinSigma * cosAzimuth, (1 - F) * Math.hypot(sinAlpha, x));
  const lambda = Math.atan2(sinSigma * sinAzimuth, cos1 * cosSigma - sin1 * sinSigma * cosAzimuth);
  const c = (F / 16) * cosSquaredAlpha * (4 + F * (4 - 3 * cosSquaredAlpha));
  const turned = lambda - (1 - c) * F * sinAlpha
    * (sigma + c * sinSigma * (cos2m + c * cosSigma * (2 * cos2m ** 2 - 1)));
  const longitude = from.longitude + turned / RAD;
  return { latitude: latitude / RAD, longitude: ((longitude + 540) % 360) - 180 };
}

// A ring of [longitude, latitude] around `centre`, from one azimuth to another (a whole circle by default).
export function arc(centre, radius_m, { from_deg = 0, to_deg = 360, steps = 72 } = {}) {
  const ring = [];
  for (let step = 0; step <= steps; step += 1) {
    const point = direct(centre, from_deg + ((to_deg - from_deg) * step) / steps, radius_m);
    ring.push([point.longitude, point.latitude]);
  }
  return ring;
}

export function formatPosition({ latitude, longitude }) {
  return `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`;
}

export function formatDistance(distance_m) {
  if (distance_m < 1000) return `${distance_m.toFixed(distance_m < 100 ? 1 : 0)} m`;
  return `${(distance_m / 1000).toFixed(distance_m < 100000 ? 2 : 0)} km`;
}

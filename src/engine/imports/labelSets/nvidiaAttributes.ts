import type { AttributeRecord } from "../../files";
import { CELEBA_ATTRIBUTES, classifierAttributeRecord } from "../../networks";

/** The columns of RFM's label set: logits of NVIDIA's forty classifiers, in their order. */
export const NVIDIA_ATTRIBUTES: readonly AttributeRecord[] = CELEBA_ATTRIBUTES.map((name, index) =>
  classifierAttributeRecord({ index, name }),
);

/** What has to be known about the first column. */
export const SIGN_OF_MALE =
  'RFM notes "-1 male, 1 female" for the attribute 00, which NVIDIA calls male: the logits are kept as they are; look at a few faces on both sides before you trust the sign.';

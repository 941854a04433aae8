export * from "./convolution";
export * from "./elementwise";
export * from "./layout";
export * from "./matrix";
export * from "./normalization";
export * from "./pooling";
export * from "./reduction";
export * from "./resize";

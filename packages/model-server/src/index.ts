export { Datatype, Tensor } from './tensor/tensor';

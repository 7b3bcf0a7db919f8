/** Edits in handlers are the same for every platform of AWS's. */
export {
  addToResponses,
  asNewHeaders,
  isScript,
  removeProperty,
  renameProperty,
  replaceLiteral,
  replacePropertyValue,
} from '../../../aws/edits/script';

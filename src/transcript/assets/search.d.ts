// The script is imported as text.
declare const text: string;
export default text;

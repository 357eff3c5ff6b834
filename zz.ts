import { createCanvas, loadImage } from 'canvas';
import { writeFileSync } from 'node:fs';
const [out, w, cols, ...files] = process.argv.slice(2);
const W=+w,C=+cols; const ims=await Promise.all(files.map(f=>loadImage(f)));
const hs=ims.map(i=>Math.round(W*i.height/i.width)); const rows:number[]=[]; for(let r=0;r<Math.ceil(ims.length/C);r++) rows.push(Math.max(...hs.slice(r*C,r*C+C)));
const c=createCanvas(W*C,rows.reduce((a,b)=>a+b,0)); const x=c.getContext('2d');
ims.forEach((im,i)=>{const r=Math.floor(i/C); x.drawImage(im as any,(i%C)*W,rows.slice(0,r).reduce((a,b)=>a+b,0),W,hs[i]!);});
writeFileSync(out,c.toBuffer('image/png'));
